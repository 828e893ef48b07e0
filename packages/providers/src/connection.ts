/**
 * How a provider is reached. `baseUrl` is the origin, or a prefix below it (`http://127.0.0.1:4010/google`), with
 * or without a slash at its end; a credential is sent to its own provider's hosts alone.
 */
export type Connection = {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch?: typeof globalThis.fetch;
};
