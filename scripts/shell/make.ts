import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { AspectRatio, Quality, Resolution } from "@imgpilot/contract/catalogue";
import type { Client } from "@imgpilot/contract/client";
import type { Generation, GenerationWithReceipt, Order } from "@imgpilot/contract/generations";
import type { Wish } from "./arguments.ts";

const LIVE = new Set(["queued", "running"]);
const POLL_MS = 300;

/** Quotes, asks at exactly that price, and follows until nothing moves any more. */
export async function make(
  client: Client,
  wish: Wish,
  tell: { quoted: (credits: number, available: number) => void; moved: (generation: Generation) => void },
  signal?: AbortSignal,
): Promise<GenerationWithReceipt> {
  const order = {
    model: wish.model,
    prompt: wish.prompt,
    aspectRatio: wish.aspectRatio as AspectRatio,
    resolution: wish.resolution as Resolution,
    count: wish.count,
    references: await Promise.all(wish.references.map((file) => upload(client, file))),
    fallback: wish.fallback as Order["fallback"],
    ...(wish.quality === undefined ? {} : { quality: wish.quality as Quality }),
    ...(wish.seed === undefined ? {} : { seed: wish.seed }),
  };
  const quote = await client.createQuote({ body: order });
  tell.quoted(quote.credits, quote.available);
  const { id } = await client.createGeneration({ body: { ...order, maxCredits: quote.credits } });
  return follow(client, id, tell.moved, signal);
}

/** Ends when the generation has ended and its credits are settled. An abort cancels it: what was delivered stays. */
async function follow(
  client: Client,
  id: string,
  moved: (generation: Generation) => void,
  signal?: AbortSignal,
) {
  const cancel = () => void client.cancelGeneration({ params: { id } }).catch(() => {});
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    for (;;) {
      const generation = await client.getGeneration({ params: { id } });
      moved(generation);
      if (!LIVE.has(generation.state) && generation.receipt.settledAt) return generation;
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

/** Announces and puts one reference image; answers its id. */
async function upload(client: Client, file: string): Promise<string> {
  const bytes = await readFile(file);
  const { id, url, headers } = await client.createUpload({
    body: {
      contentType: contentTypeOf(bytes, file),
      bytes: bytes.length,
      sha256: createHash("sha256").update(bytes).digest("hex"),
    },
  });
  const put = await fetch(url, { method: "PUT", headers, body: bytes });
  if (!put.ok) throw new Error(`${file} could not be uploaded: ${put.status}`);
  return id;
}

function contentTypeOf(bytes: Buffer, file: string): "image/png" | "image/jpeg" | "image/webp" {
  if (bytes.subarray(0, 4).equals(Buffer.from([0x89, 0x50, 0x4e, 0x47]))) return "image/png";
  if (bytes.subarray(0, 3).equals(Buffer.from([0xff, 0xd8, 0xff]))) return "image/jpeg";
  if (bytes.subarray(8, 12).toString("latin1") === "WEBP") return "image/webp";
  throw new Error(`${file} is not a PNG, JPEG or WebP image`);
}

/** Writes every delivered image to `out`; answers the files' paths. */
export async function save(generation: Generation, out: string): Promise<string[]> {
  await mkdir(out, { recursive: true });
  return Promise.all(
    generation.images.flatMap(({ n, url, contentType }) =>
      url
        ? [
            (async () => {
              const response = await fetch(url);
              if (!response.ok) throw new Error(`image ${n + 1} could not be fetched: ${response.status}`);
              const file = path.join(out, `${generation.id}-${n + 1}.${contentType?.split("/")[1] ?? "img"}`);
              await writeFile(file, Buffer.from(await response.arrayBuffer()));
              return file;
            })(),
          ]
        : [],
    ),
  );
}
