import type { Context } from "../context.ts";
import { Runs } from "../runs/index.ts";
import type { SettleVerdict } from "../runs/workflow.ts";
import { tryDispatch } from "./dispatch.ts";

/**
 * CommitCredits and RefundCredits: both settle the run by the images recorded (rule 2), so neither can charge or give
 * back what the other would not. The first call resolves the hold, later ones return the same outcome (L4).
 */
export async function settleCredits(
  ctx: Context,
  { runId }: { runId: string },
  by: "CommitCredits" | "RefundCredits",
): Promise<SettleVerdict> {
  const { outcome, charged, returned } = await Runs.settle(ctx.db, runId, by);
  return { outcome, charged, returned };
}

/**
 * The event that an execution ended, however it did: settles what no Catch could see (rule 9), then starts what was
 * waiting for its place. Events come late, twice, or not at all, and change nothing that is settled.
 */
export async function executionEnded(ctx: Context, { runId }: { runId: string }): Promise<SettleVerdict> {
  const { outcome, charged, returned } = await Runs.settle(ctx.db, runId, "event");
  await tryDispatch(ctx);
  return { outcome, charged, returned };
}
