import type { Context } from "../context.ts";
import { Refusal } from "../errors.ts";
import { Runs } from "../runs/index.ts";
import { tryDispatch } from "./dispatch.ts";

type Owned = { readonly generationId: string; readonly accountId: string };

/**
 * Settles what is open, then stops the executions (rule 8). What was recorded is kept and charged, the rest comes back.
 * Repeating it changes nothing.
 * @throws {Refusal} `generation.missing`
 */
export async function cancel(ctx: Context, owned: Owned): Promise<void> {
  await end(ctx, await Runs.cancel(ctx.db, owned), "cancelled by its owner");
}

/**
 * Settles what is open and removes the rows in one transaction, queueing the objects for deletion (R6), then stops
 * the executions.
 * @throws {Refusal} `generation.missing`
 */
export async function remove(ctx: Context, owned: Owned): Promise<void> {
  await end(ctx, await Runs.remove(ctx.db, owned), "deleted by its owner");
}

/** An execution that cannot be stopped finds its run closed at its next step, and the sweeper finds it after that. */
async function end(ctx: Context, ended: { found: boolean; runIds: string[] }, cause: string): Promise<void> {
  if (!ended.found) throw new Refusal("generation.missing");
  for (const runId of ended.runIds)
    await ctx.workflow
      .stop(runId, cause)
      .catch((fault: unknown) => ctx.report(fault, { runId, during: "the stop of an execution" }));
  if (ended.runIds.length > 0) await tryDispatch(ctx);
}
