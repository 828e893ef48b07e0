import { type DrawRequest, ProviderError } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { dataUrlOf } from "./data-url.ts";
import { type Call, providerError } from "./errors.ts";
import { submitHttpError } from "./replicate-errors.ts";
import { exchange, jsonOf, MAX_JSON_BYTES } from "./wire.ts";

/** Replicate's own client sends no more than this within a request. */
const MAX_INLINE_BYTES = 10_000_000;

type Uploading = {
  readonly call: Call;
  readonly fetch: typeof globalThis.fetch;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
};

/**
 * Addresses for the references of an order: they hold the pictures themselves while those are small, else those of files
 * that are laid down at Replicate first, which keeps them for a day (replicate.com/docs/reference/http, files).
 * @throws {ProviderError} of an order that was not made, and so is free.
 */
export async function addressesOf(
  uploading: Uploading,
  references: DrawRequest["references"],
  signal: AbortSignal,
): Promise<string[]> {
  const size = references.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  if (size <= MAX_INLINE_BYTES) return references.map(dataUrlOf);
  const addresses: string[] = [];
  try {
    for (const reference of references) addresses.push(await upload(uploading, reference, signal));
  } catch (error) {
    throw error instanceof ProviderError ? unordered(uploading.call, error) : error;
  }
  return addresses;
}

/** However it failed, nothing was ordered yet: what would leave an order in doubt is a plain outage here. */
function unordered(call: Call, { kind, reason, retryAfterSeconds }: ProviderError): ProviderError {
  const facts = { reason, retryAfterSeconds, maybeBilled: false };
  return providerError(call, kind === "timeout" ? "overloaded" : kind, facts);
}

const File = z.object({ urls: z.object({ get: z.string() }) });

async function upload(
  { call, fetch, url, headers }: Uploading,
  { bytes, contentType }: DrawRequest["references"][number],
  signal: AbortSignal,
): Promise<string> {
  const body = new FormData();
  const extension = contentType.slice("image/".length);
  body.append("content", new Blob([new Uint8Array(bytes)], { type: contentType }), `reference.${extension}`);
  const reply = await exchange(fetch, {
    call,
    url,
    method: "POST",
    headers,
    body,
    maxBytes: MAX_JSON_BYTES,
    signal,
  });
  if (reply.status < 200 || reply.status > 299) throw submitHttpError(call, reply);
  const file = File.safeParse(jsonOf(reply));
  if (!file.success) throw providerError(call, "bad_response", { reason: "no_file", maybeBilled: false });
  return file.data.urls.get;
}
