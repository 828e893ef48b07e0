import { sql } from "drizzle-orm";
import type { HoldState } from "../credits/index.ts";
import type { Db } from "../db/index.ts";
import { exact, verb, verbRow } from "../db/verb.ts";
import type { SettledBy, Settlement } from "./types.ts";
import type { RunOutcome } from "./workflow.ts";

/**
 * Ends a run by the images recorded for it: their price is committed, the rest given back, in one transaction (rule 2,
 * L12). The first call decides; every later one, whoever makes it, is answered the same (L4). A run that was never made
 * holds nothing, and nothing can reserve for it, since a run is made with its hold: it has failed, and stays so.
 */
export async function settle(db: Db, runId: string, by: SettledBy): Promise<Settlement> {
  const [row] = await verb<{ outcome: RunOutcome; charged: string; returned: string; hold: HoldState }>(
    db,
    sql`select * from run_settlement(${runId}, ${by})`,
  );
  if (!row) return { outcome: "failed", charged: 0, returned: 0, hold: null };
  return { outcome: row.outcome, charged: exact(row.charged), returned: exact(row.returned), hold: row.hold };
}

type Owned = { readonly generationId: string; readonly accountId: string };
type Ended = { found: boolean; runIds: string[] };

/** Settles what is open; what was recorded is kept and charged. Answers the executions to stop, repeated the same. */
export async function cancel(db: Db, { generationId, accountId }: Owned): Promise<Ended> {
  return ended(await verbRow(db, sql`select generation_cancel(${generationId}, ${accountId}) as runs`));
}

/** Settles what is open, removes the rows and queues the objects, in one transaction (rule 8, promise R6). */
export async function remove(db: Db, { generationId, accountId }: Owned): Promise<Ended> {
  return ended(await verbRow(db, sql`select generation_remove(${generationId}, ${accountId}) as runs`));
}

const ended = ({ runs }: { runs: string[] | null }): Ended => ({ found: runs !== null, runIds: runs ?? [] });
