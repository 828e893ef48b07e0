/** One question to a chat model. `upstream` is the provider's own model id. */
export type ChatRequest = {
  readonly upstream: string;
  /** Ours: what is to be done. */
  readonly instructions: string;
  /** What it is to be done with. Others wrote it, so it is data and no part of the instructions. */
  readonly text: string;
  readonly image: { readonly bytes: Uint8Array; readonly contentType: "image/jpeg" } | null;
  /** The JSON schema that the answer must have, which nothing in the text or the picture can change. */
  readonly shape: { readonly name: string; readonly schema: object };
};

export type ChatAnswer = {
  /** JSON, but unchecked: a schema in a request is a wish. */
  readonly json: unknown;
  readonly tokens: { readonly input: number; readonly output: number } | null;
  /** USD micros, where the provider says so. */
  readonly costMicros: number | null;
  readonly requestId: string | null;
};

/** A chat model that sees: one call, which costs money. */
export type Chat = {
  /** @throws {ProviderError} a block is `moderated`, an answer that is no JSON or was cut short `bad_response`. */
  readonly ask: (request: ChatRequest, signal: AbortSignal) => Promise<ChatAnswer>;
};
