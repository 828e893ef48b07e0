import type { Context } from "../context.ts";
import { Runs } from "../runs/index.ts";

/** The states that settle. Whatever else failed has been refunded, and is run again by a new run. */
const SETTLES: ReadonlySet<string> = new Set(["CommitCredits", "RefundCredits"]);

/**
 * Why an execution is not redriven. `unknown`: there is no such run. `settled`: its money has moved, and nothing that it
 * could still do would count (W10). `not-failed`: it runs, was stopped, or never was. `elsewhere`: it failed in a state
 * that draws; run it again instead, with a hold of its own.
 */
export type NotRedriven = "unknown" | "settled" | "not-failed" | "elsewhere";

/**
 * For operators: has an execution that failed in settling go on from there (rule 12). It moves no money by itself, and
 * repeats no call of a provider; what it leads to is what settling at any other time would.
 */
export async function redrive(
  { db, workflow }: Pick<Context, "db" | "workflow">,
  runId: string,
): Promise<{ redriven: true } | { redriven: false; why: NotRedriven }> {
  const no = (why: NotRedriven) => ({ redriven: false, why }) as const;
  const run = await Runs.get(db, runId);
  if (!run) return no("unknown");
  if (!run.isOpen) return no("settled");
  const failedIn = await workflow.failedIn(runId);
  if (failedIn === null) return no("not-failed");
  if (!SETTLES.has(failedIn)) return no("elsewhere");
  await workflow.redrive(runId);
  return { redriven: true };
}
