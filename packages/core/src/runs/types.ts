import type { AspectRatio, Provider, Quality, Resolution } from "@imgpilot/contract/catalogue";
import type { ProviderErrorKind, RefusalCode } from "@imgpilot/contract/errors";
import type { Order } from "@imgpilot/contract/generations";
import type { HoldState } from "../credits/index.ts";
import type { RunOutcome } from "./workflow.ts";

/** One way to have an image drawn, as frozen with the run. `product` is the catalogue's model, `costMicros` at most. */
export type RunRoute = {
  readonly provider: Provider;
  readonly upstream: string;
  readonly product: string;
  readonly costMicros: number;
  /** Of models that know one. */
  readonly quality?: Quality;
  /** Not for every failure: for a block, of a picture or of nobody says what, alone. */
  readonly only?: "moderated";
};

/** What a generation is asked for with. `maxCredits` is the price that was shown, for all images. */
export type RunRequest = Pick<
  Order,
  "model" | "prompt" | "aspectRatio" | "resolution" | "count" | "fallback"
> & {
  readonly generationId: string;
  readonly accountId: string;
  readonly idempotencyKey: string;
  readonly requestHash: string;
  readonly seed: number | null;
  /** Upload ids, in order. */
  readonly references: readonly string[];
  readonly pricePerImage: number;
  readonly maxCredits: number;
  readonly routes: readonly RunRoute[];
};

export type RunAnswer =
  | { readonly status: "created" | "repeated"; readonly generationId: string }
  | { readonly status: "refused"; readonly code: RefusalCode }
  | { readonly status: "key.reused" };

/** One image once more, asked and paid for by the person. `maxCredits` is the price that was shown. */
export type RunRetry = Pick<
  RunRequest,
  "generationId" | "accountId" | "idempotencyKey" | "requestHash" | "pricePerImage" | "maxCredits" | "routes"
> & { readonly image: number };

/** What is missing once more, for an operator. An actor is a role or a random id, never a name. */
export type RunAgainRequest = Pick<
  RunRequest,
  "generationId" | "idempotencyKey" | "pricePerImage" | "routes"
> & {
  readonly actor: string;
  readonly reason: string;
};

export type RunAgainAnswer =
  | { readonly status: "created" | "repeated"; readonly runId: string }
  | { readonly status: "refused"; readonly code: RefusalCode }
  | { readonly status: "key.reused" };

/** What a run draws; gone with its generation. */
export type RunOrder = {
  readonly model: string;
  readonly prompt: string;
  readonly aspectRatio: AspectRatio;
  readonly resolution: Resolution;
  readonly seed: number | null;
  readonly fallback: Order["fallback"];
  readonly references: readonly {
    readonly uploadId: string;
    readonly key: string;
    readonly contentType: string;
  }[];
};

export type Run = {
  readonly id: string;
  readonly generationId: string;
  readonly accountId: string;
  /** Indexes into the generation's images, ascending. */
  readonly images: readonly number[];
  readonly pricePerImage: number;
  readonly routes: readonly RunRoute[];
  /** Whether its hold is held. By the time of reading: verbs that write ask again, under the locks (rule 8). */
  readonly isOpen: boolean;
  readonly dispatchedAt: string | null;
  readonly order: RunOrder | null;
};

export type AttemptState = "started" | "waiting" | "delivered" | "failed" | "unknown";

/** One call of a provider. Costs are USD micros as booked; `ageSeconds` since its start by the database's clock. */
export type AttemptRow = {
  readonly n: number;
  readonly provider: Provider;
  readonly upstream: string;
  readonly product: string;
  readonly state: AttemptState;
  readonly errorKind: ProviderErrorKind | null;
  readonly errorStage: "input" | "output" | null;
  readonly errorReason: string | null;
  readonly retryAfterSeconds: number | null;
  readonly handle: string | null;
  readonly stagingKey: string;
  readonly contentType: string | null;
  readonly providerRequestId: string | null;
  readonly costMicros: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly ageSeconds: number;
};

export type AttemptOf = { readonly runId: string; readonly image: number; readonly n: number };

/** How an attempt ended, or that the provider has queued it. Without `costMicros` the route's or none is booked. */
export type AttemptEnd = AttemptOf & {
  readonly state: Exclude<AttemptState, "started">;
  readonly handle?: string;
  readonly requestId?: string;
  readonly contentType?: string;
  readonly costMicros?: number;
  readonly error?: {
    readonly kind: ProviderErrorKind;
    readonly stage: "input" | "output" | null;
    readonly reason: string | null;
    readonly retryAfterSeconds: number | null;
  };
};

/** A stored image: the keys of its objects and what the original is. */
export type StoredImage = {
  readonly runId: string;
  readonly image: number;
  readonly attempt: number;
  readonly keys: { readonly original: string; readonly w320: string; readonly w1024: string };
  readonly contentType: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
  readonly sha256: string;
};

export type SettledBy = "CommitCredits" | "RefundCredits" | "event" | "sweeper" | "cancel" | "delete";

/** `hold` is null where no such run was ever made. */
export type Settlement = {
  readonly outcome: RunOutcome;
  readonly charged: number;
  readonly returned: number;
  readonly hold: HoldState | null;
};
