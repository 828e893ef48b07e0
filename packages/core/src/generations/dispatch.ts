import type { Context } from "../context.ts";
import { Runs } from "../runs/index.ts";

/**
 * Starts what may start: claims queued runs, round-robin by account, as many as each plan allows (rule 7). A start
 * that fails is left to the sweeper: the run is claimed, and its name starts once however often it is asked for.
 */
export async function dispatch(ctx: Context, limit = 50): Promise<{ started: number; failed: number }> {
  const claimed = await Runs.claim(ctx.db, limit);
  const starts = await Promise.allSettled(claimed.map((run) => ctx.workflow.start(run)));
  let failed = 0;
  for (const [i, start] of starts.entries()) {
    if (start.status === "fulfilled") continue;
    failed += 1;
    ctx.report(start.reason, { runId: claimed[i]?.runId ?? "", during: "the start of an execution" });
  }
  return { started: starts.length - failed, failed };
}

/** The same where somebody waits for another answer: its failure is reported, and left to the next minute's. */
export async function tryDispatch(ctx: Context, limit = 5): Promise<void> {
  await dispatch(ctx, limit).catch((fault: unknown) => ctx.report(fault, { during: "a dispatch" }));
}
