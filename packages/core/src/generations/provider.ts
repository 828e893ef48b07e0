import type { AspectRatio, Quality, Resolution } from "@imgpilot/contract/catalogue";
import type { ProviderErrorKind } from "@imgpilot/contract/errors";

/** One image to be drawn. `upstream` is the provider's own model id. */
export type DrawRequest = {
  readonly upstream: string;
  readonly prompt: string;
  readonly aspectRatio: AspectRatio;
  readonly resolution: Resolution;
  /** Of models that know one; absent, the provider's default. */
  readonly quality?: Quality;
  readonly seed?: number;
  readonly references: readonly { readonly bytes: Uint8Array; readonly contentType: string }[];
};

/** An image as the provider sent it, unchecked but for its first bytes. */
export type Drawn = {
  readonly state: "drawn";
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly requestId: string | null;
  /** USD micros, where the provider says so. */
  readonly costMicros: number | null;
};

/** The provider has taken the order; only `poll(handle)` is ever repeated from here on. */
export type Pending = {
  readonly state: "pending";
  readonly handle: string;
  readonly requestId: string | null;
  readonly costMicros: number | null;
};

/** A model provider: `submit` makes exactly one call that may cost money, `poll` asks after it. */
export type Provider = {
  /** @throws {ProviderError} */
  readonly submit: (request: DrawRequest, signal: AbortSignal) => Promise<Drawn | Pending>;
  /**
   * A provider that answers at once has no handles and throws `bad_response`. An unknown state is `pending`.
   * @throws {ProviderError} final for this attempt when `final`, else the poll may be repeated.
   */
  readonly poll: (handle: string, signal: AbortSignal) => Promise<Drawn | Pending>;
};

/** What went wrong, in the one vocabulary of `providers.md` 6. `message` is ours and safe to show; never a raw body. */
export class ProviderError extends Error {
  readonly kind: ProviderErrorKind;
  /** `moderated` only: whether the prompt or the picture was blocked, where the provider says so. */
  readonly stage: "input" | "output" | null;
  /** The provider's reason in its own words' category (`violence`), or its error code. */
  readonly reason: string | null;
  /** The delay that the provider asked for. */
  readonly retryAfterSeconds: number | null;
  /** Whether the call may have been paid for. */
  readonly maybeBilled: boolean;
  /** For polls: false means that this poll failed, not the order. */
  readonly final: boolean;

  constructor(
    kind: ProviderErrorKind,
    message: string,
    facts: Partial<
      Pick<ProviderError, "stage" | "reason" | "retryAfterSeconds" | "maybeBilled" | "final">
    > = {},
  ) {
    super(message);
    this.name = `provider.${kind}`;
    this.kind = kind;
    this.stage = facts.stage ?? null;
    this.reason = facts.reason ?? null;
    this.retryAfterSeconds = facts.retryAfterSeconds ?? null;
    this.maybeBilled = facts.maybeBilled ?? false;
    this.final = facts.final ?? true;
  }
}
