import type { Context } from "../context.ts";
import { Runs } from "../runs/index.ts";

type DueRun = Awaited<ReturnType<typeof Runs.due>>[number];
export type SweepAction = "settled" | "started" | "stopped" | "left";

/**
 * The net under everything (rule 9, W3): looks at each run that is open though it should not be, or whose execution
 * may never have started or ended unheard. It starts nothing that is queued. One run's failure does not stop the others.
 */
export async function sweep(ctx: Context): Promise<Record<SweepAction | "failed", number>> {
  const done = { settled: 0, started: 0, stopped: 0, left: 0, failed: 0 };
  for (const run of await Runs.due(ctx.db)) {
    try {
      done[await sweepRun(ctx, run)] += 1;
    } catch (fault) {
      done.failed += 1;
      ctx.report(fault, { runId: run.runId, during: "a sweep" });
    }
  }
  return done;
}

async function sweepRun(ctx: Context, run: DueRun): Promise<SweepAction> {
  const settle = () => Runs.settle(ctx.db, run.runId, "sweeper");
  if (run.problem === "queued-too-long") {
    await settle();
    return "settled";
  }
  switch (await ctx.workflow.state(run.runId)) {
    case "ended":
      await settle();
      return "settled";
    case "absent":
      if (run.pastDeadline) {
        await settle();
        return "settled";
      }
      await ctx.workflow.start(run.executionInput);
      return "started";
    case "running":
      if (!run.holdExpired) return "left";
      await ctx.workflow.stop(run.runId, "its hold expired");
      await settle();
      return "stopped";
  }
}
