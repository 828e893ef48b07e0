import type { Context } from "../context.ts";
import { Routing } from "../routing/index.ts";
import { type AttemptRow, Runs } from "../runs/index.ts";
import type { ImageStepInput, ImageVerdict } from "../runs/workflow.ts";
import { type AttemptKey, bookError, keepDrawn } from "./book.ts";
import { POLL_SECONDS } from "./limits.ts";
import { ProviderError } from "./provider.ts";
import { answerNow, giveUp, situationOf } from "./situation.ts";
import { currentMove, failed } from "./verdict.ts";

/**
 * PollImage: asks after an attempt that a provider has queued, or whose SubmitImage may still be running.
 *
 * With a handle only this poll is ever repeated (rule 5): a poll that fails by itself leaves the attempt waiting, until
 * the image's deadline books it as unknown.
 */
export async function pollImage(
  ctx: Context,
  { runId, image, attempt }: ImageStepInput,
): Promise<ImageVerdict> {
  const run = await Runs.get(ctx.db, runId);
  if (!run?.isOpen) return failed(null, "run.closed", attempt);

  const situation = await situationOf(ctx.db, run, image);
  const move = currentMove(situation);
  const last = situation.attempts.at(-1);
  if (move.kind === "give-up") return giveUp(ctx, run, image, last);
  if (last?.state === "waiting") await poll(ctx, { runId, image, n: last.n }, last);
  return answerNow(ctx.db, run, image);
}

async function poll(ctx: Context, attempt: AttemptKey, row: AttemptRow): Promise<void> {
  try {
    const provider = await ctx.provider(row.provider);
    const reply = await provider.poll(row.handle ?? "", AbortSignal.timeout(POLL_SECONDS * 1_000));
    if (reply.state === "pending") return await Routing.renew(ctx, row, attempt);
    await keepDrawn(ctx, attempt, row.stagingKey, reply, reply.costMicros ?? row.costMicros);
    await Routing.leave(ctx, row, attempt, { kind: "answered" });
  } catch (error) {
    if (!(error instanceof ProviderError)) return ctx.report(error, { ...attempt, during: "a poll" });
    if (!error.final) return Routing.renew(ctx, row, attempt);
    await bookError(ctx, attempt, error, row.costMicros);
    await Routing.leave(ctx, row, attempt, Routing.outcomeOf(error));
  }
}
