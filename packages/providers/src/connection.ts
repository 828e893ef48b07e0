/**
 * How a provider is reached. `baseUrl` is the origin, or a prefix below it (`http://127.0.0.1:4010/google`), with
 * or without a slash at its end; a credential is sent to its own provider's hosts alone.
 */
export type Connection = {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch?: typeof globalThis.fetch;
};

/** A connection, taken apart. */
export type Wire = {
  readonly fetch: typeof globalThis.fetch;
  readonly apiKey: string;
  readonly origin: string;
  /** `baseUrl` without a slash at its end. */
  readonly root: string;
};

/** @throws {TypeError} `baseUrl` is not a URL. */
export function wireOf({ baseUrl, apiKey, fetch = globalThis.fetch }: Connection): Wire {
  const base = new URL(baseUrl);
  return { fetch, apiKey, origin: base.origin, root: base.href.replace(/\/+$/, "") };
}
