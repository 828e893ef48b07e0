import { type Call, networkError, providerError } from "./errors.ts";

/** A reply, read to its end. */
export type Reply = {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
};

/** What a provider may send as one image; far above the largest that any of them draws. */
export const MAX_IMAGE_BYTES = 40_000_000;
/** A JSON reply that carries such an image as base64. */
export const MAX_IMAGE_JSON_BYTES = Math.ceil(MAX_IMAGE_BYTES / 3) * 4 + 1_000_000;
/** A JSON reply that carries none. */
export const MAX_JSON_BYTES = 1_000_000;

export type Request = {
  readonly call: Call;
  readonly url: string | URL;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  /** A form names its own content type, with its boundary. */
  readonly body?: string | FormData;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
};

/**
 * One HTTP exchange. Redirects are answers and are never followed: they would carry the credential to another host.
 * A connection is used once, because one that was pooled may have died while the process was frozen, and its reset
 * would look like that of a request that was sent and paid for.
 *
 * @throws {ProviderError} not reached, cut off, aborted, or more than `maxBytes`.
 */
export async function exchange(fetch: typeof globalThis.fetch, request: Request): Promise<Reply> {
  const { call, url, method, headers, body, maxBytes, signal } = request;
  if (signal.aborted) throw providerError(call, "timeout");
  try {
    const response = await fetch(url, {
      method,
      headers: { ...headers, connection: "close" },
      redirect: "manual",
      signal,
      ...(body === undefined ? {} : { body }),
    });
    const bytes = await readAtMost(response, maxBytes);
    if (bytes) return { status: response.status, headers: response.headers, body: bytes };
  } catch (error) {
    throw networkError(call, error);
  }
  throw providerError(call, "bad_response", { reason: "too_large", maybeBilled: true, final: true });
}

/** Null when there is more, which is then not read: a size in a header is only a promise. */
async function readAtMost(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/** The JSON of a reply, or undefined where it is none (a gateway's HTML, an empty body, half a body). */
export function jsonOf(reply: Reply): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(reply.body));
  } catch {
    return undefined;
  }
}
