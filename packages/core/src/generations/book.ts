import type { ProviderErrorKind } from "@imgpilot/contract/errors";
import type { Context } from "../context.ts";
import { Runs } from "../runs/index.ts";
import { insist } from "./insist.ts";
import { type Drawn, ProviderError } from "./provider.ts";

/** One call of a provider for one image of a run. */
export type AttemptKey = { readonly runId: string; readonly image: number; readonly n: number };

/** Puts the bytes under the attempt's staging key, then books it as delivered (rule 6). */
export async function keepDrawn(
  ctx: Context,
  attempt: AttemptKey,
  stagingKey: string,
  { bytes, contentType, requestId }: Drawn,
  costMicros: number,
): Promise<void> {
  await ctx.objects.put(stagingKey, bytes, contentType);
  await insist(() =>
    Runs.finishAttempt(ctx.db, {
      ...attempt,
      state: "delivered",
      contentType,
      costMicros,
      ...(requestId ? { requestId } : {}),
    }),
  );
}

/** No other call and no person can mend these: a key, an account or an entry of the catalogue must be changed. */
const FOR_OPERATORS: ReadonlySet<ProviderErrorKind> = new Set(["quota", "auth", "model_gone"]);

/**
 * Books how a call failed. Where the provider may have been paid, at the route's upper cost, else at what was booked
 * before; where nobody can say whether it drew, as unknown, after which one more call is made at most (rule 5, W4).
 */
export async function bookError(
  ctx: Context,
  attempt: AttemptKey,
  error: unknown,
  upperCostMicros: number,
): Promise<void> {
  if (!(error instanceof ProviderError)) {
    ctx.report(error, { ...attempt, during: "the provider's call" });
    return bookUnknown(ctx, attempt, upperCostMicros, "bad_response");
  }
  if (error.kind === "timeout") return bookUnknown(ctx, attempt, upperCostMicros, "timeout");
  const { kind, stage, reason, retryAfterSeconds, maybeBilled } = error;
  if (FOR_OPERATORS.has(kind)) ctx.report(error, { ...attempt, during: "the provider's call" });
  await insist(() =>
    Runs.finishAttempt(ctx.db, {
      ...attempt,
      state: "failed",
      ...(maybeBilled ? { costMicros: upperCostMicros } : {}),
      error: { kind, stage, reason, retryAfterSeconds },
    }),
  );
}

/** The provider may have drawn, and been paid, but there is no image to show for it. */
export async function bookUnknown(
  ctx: Context,
  attempt: AttemptKey,
  costMicros: number,
  kind: "timeout" | "bad_response",
): Promise<void> {
  const error = { kind, stage: null, reason: null, retryAfterSeconds: null };
  await insist(() => Runs.finishAttempt(ctx.db, { ...attempt, state: "unknown", costMicros, error }));
}
