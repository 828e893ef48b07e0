import type { Context } from "../context.ts";
import { Runs } from "../runs/index.ts";
import type { ReserveVerdict } from "../runs/workflow.ts";

/** ReserveCredits: confirms that the run is open and its credits are held, before anything is drawn (rule 8). */
export async function reserveCredits(ctx: Context, { runId }: { runId: string }): Promise<ReserveVerdict> {
  return { verdict: await Runs.confirm(ctx.db, runId) };
}
