import type { Drawn } from "@imgpilot/core/generations/provider";
import { type Call, providerError, statusError } from "./errors.ts";
import { permittedUrl } from "./hosts.ts";
import { imageTypeOf } from "./image-type.ts";
import { exchange, MAX_IMAGE_BYTES, type Reply } from "./wire.ts";

/** Where a picture may come from, besides https: the origin that its provider is reached by, locally the simulator's. */
export type SampleSource = {
  readonly call: Call;
  readonly fetch: typeof globalThis.fetch;
  readonly origin: string;
  /** What a host is shown. Of most stores nothing: the address is signed, or nobody could guess it. */
  readonly headersFor?: (url: URL) => Readonly<Record<string, string>>;
};

const MAX_REDIRECTS = 3;

/**
 * Fetches a finished picture. What fails here leaves the order standing, because the next poll may name a fresh
 * address; only bytes that are no image, or are not to be fetched, stay so.
 * @throws {ProviderError}
 */
export async function fetchSample(
  source: SampleSource,
  sample: string,
  signal: AbortSignal,
): Promise<Pick<Drawn, "bytes" | "contentType">> {
  const { call } = source;
  const reply = await follow(source, sample, signal);
  // A 403 or 404 says that the address has expired; it says nothing about our key or about the model.
  const isExpired = reply.status >= 400 && reply.status < 500 && reply.status !== 429;
  if (isExpired) throw providerError(call, "bad_response", { reason: "sample_expired" });
  if (reply.status !== 200) throw statusError(call, reply.status);
  const contentType = imageTypeOf(reply.body);
  if (!contentType) throw providerError(call, "bad_response", { reason: "not_an_image", final: true });
  return { bytes: reply.body, contentType };
}

/** Every hop is checked, and each is shown only what `headersFor` has for its host. */
async function follow(source: SampleSource, sample: string, signal: AbortSignal): Promise<Reply> {
  const { call, fetch, origin, headersFor } = source;
  let address = sample;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const url = permittedUrl(address, (parsed) => parsed.protocol === "https:" || parsed.origin === origin);
    if (!url) throw providerError(call, "bad_response", { reason: "untrusted_host", final: true });
    const headers = headersFor?.(url) ?? {};
    const reply = await exchange(fetch, {
      call,
      url,
      method: "GET",
      headers,
      maxBytes: MAX_IMAGE_BYTES,
      signal,
    });
    const location = reply.status >= 300 && reply.status < 400 ? reply.headers.get("location") : null;
    if (!location) return reply;
    address = URL.canParse(location, url) ? new URL(location, url).href : "";
  }
  throw providerError(call, "bad_response", { reason: "too_many_redirects", final: true });
}
