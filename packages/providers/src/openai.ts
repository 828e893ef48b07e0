import type { Drawn, DrawRequest, Provider } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { type Connection, wireOf } from "./connection.ts";
import { type Call, providerError } from "./errors.ts";
import { inlinePicture } from "./inline-picture.ts";
import { httpError } from "./openai-errors.ts";
import { sizeWithin } from "./size.ts";
import { exchange, jsonOf, MAX_IMAGE_JSON_BYTES, type Reply } from "./wire.ts";

const CALL: Call = { who: "OpenAI", phase: "submit" };

/** Documented for `images/edits`, of up to 50 MB each. */
const MAX_REFERENCES = 16;

/** A model draws 655,360 to 8,294,400 pixels, on edges of up to 3,840 (openai 7.57, `images.d.ts`). */
const MAX_EDGE = 3_840;
const PIXELS = { "1K": 1_024 ** 2, "2K": 2_048 ** 2, "4K": 3_840 * 2_160 } as const;

/**
 * OpenAI's GPT Image models: `images/generations` from nothing, `images/edits` from references. The request stays open
 * until the image is drawn, so there is nothing to poll, and it comes in the reply, so there is nothing to fetch.
 */
export function createOpenAi(connection: Connection): Provider {
  const { fetch, apiKey, root: base } = wireOf(connection);

  return {
    async submit(request, signal) {
      const { path, headers, body } = orderOf(request);
      const reply = await exchange(fetch, {
        call: CALL,
        url: `${base}/v1/images/${path}`,
        method: "POST",
        headers: { authorization: `Bearer ${apiKey}`, accept: "application/json", ...headers },
        body,
        maxBytes: MAX_IMAGE_JSON_BYTES,
        signal,
      });
      if (reply.status !== 200) throw httpError(CALL, reply);
      return drawnOf(reply);
    },

    async poll() {
      throw providerError({ who: "OpenAI", phase: "poll" }, "bad_response", {
        reason: "no_handles",
        maybeBilled: false,
        final: true,
      });
    },
  };
}

type Order = { path: string; headers: Readonly<Record<string, string>>; body: string | FormData };

/**
 * A ratio is told as the size of that shape. Quality is always named: `auto` may choose the one that costs forty times
 * as much as the cheapest.
 * @throws {ProviderError} `invalid_input` for what it cannot be asked for, before anything is sent.
 */
function orderOf({
  upstream,
  prompt,
  aspectRatio,
  resolution,
  quality = "medium",
  seed,
  references,
}: DrawRequest): Order {
  if (seed !== undefined || references.length > MAX_REFERENCES) throw providerError(CALL, "invalid_input");
  const { width, height } = sizeWithin(aspectRatio, { pixels: PIXELS[resolution], edge: MAX_EDGE });
  const asked = {
    model: upstream,
    prompt,
    size: `${width}x${height}`,
    quality,
    output_format: "png",
  };
  if (references.length === 0) {
    const headers = { "content-type": "application/json" };
    return { path: "generations", headers, body: JSON.stringify({ ...asked, n: 1 }) };
  }
  const form = new FormData();
  for (const [name, value] of Object.entries(asked)) form.set(name, value);
  form.set("n", "1");
  for (const [i, { bytes, contentType }] of references.entries()) {
    const file = new Blob([new Uint8Array(bytes)], { type: contentType });
    form.append("image[]", file, `reference-${i + 1}.${contentType.slice("image/".length)}`);
  }
  return { path: "edits", headers: {}, body: form };
}

const tokens = z.catch(z.number(), 0);
const Usage = z.object({
  input_tokens: tokens,
  output_tokens: z.number(),
  input_tokens_details: z.catch(z.object({ image_tokens: tokens }), { image_tokens: 0 }),
});
/** Only what is read, and nothing that is not essential can spoil a reply that was paid for. */
const Answer = z.object({
  data: z.array(z.object({ b64_json: z.catch(z.nullish(z.string()), null) })),
  usage: z.catch(z.nullish(Usage), null),
});

function drawnOf(reply: Reply): Drawn {
  const answer = Answer.safeParse(jsonOf(reply));
  if (!answer.success) throw providerError(CALL, "bad_response", { maybeBilled: true });
  const { data, usage } = answer.data;
  const base64 = data[0]?.b64_json;
  if (!base64) throw providerError(CALL, "no_image", { maybeBilled: true });

  const requestId = reply.headers.get("x-request-id");
  return {
    state: "drawn",
    ...inlinePicture(CALL, base64),
    requestId,
    costMicros: usage ? microsOf(usage) : null,
  };
}

/** USD micros per token, the same for every GPT Image model since 2 (developers.openai.com, model page). */
const TEXT_IN = 5;
const IMAGE_IN = 8;
const IMAGE_OUT = 30;

function microsOf({ input_tokens, output_tokens, input_tokens_details }: z.output<typeof Usage>): number {
  const images = input_tokens_details.image_tokens;
  const texts = Math.max(0, input_tokens - images);
  return Math.ceil(texts * TEXT_IN + images * IMAGE_IN + output_tokens * IMAGE_OUT);
}
