import { sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import { exact, verbRow } from "../db/verb.ts";
import { newId } from "../ids.ts";

/** Who decided, a role or a random id and never a name since the account's owner reads the journal, and why (L24). */
type Decision = { readonly actor: string; readonly reason: string };

type Adjustment = Decision & {
  readonly accountId: string;
  /** Above nothing is given, below is taken. */
  readonly amount: number;
  readonly eventId: string;
  /** How long what is given can be spent; absent, for ever. */
  readonly validSeconds?: number;
};

/**
 * Gives credits, or takes what is left in the order in which it would be spent: never what is held or used, so nobody
 * comes to owe anything (L18). Answers what was given or, below nothing, taken; told again, the same (L5).
 * @throws without an actor and a reason, and when the event was about something else.
 */
export async function adjust(db: Db, adjustment: Adjustment): Promise<number> {
  const { accountId, amount, actor, reason, eventId, validSeconds } = adjustment;
  const { moved } = await verbRow<{ moved: string }>(
    db,
    sql`select credit_adjust(${newId("grt")}, ${accountId}, ${exact(amount)}, ${actor}, ${reason}, ${eventId},
      make_interval(secs => ${validSeconds ?? null})) as moved`,
  );
  return exact(moved);
}

/**
 * Gives back what was charged for a run whose images were delivered, or `amount` of it: a decision of its own, once per
 * run. No error path does this (L17); what was charged stays charged.
 * @throws when less was charged for the run, and without an actor and a reason.
 */
export async function makeGood(
  db: Db,
  { runId, amount, actor, reason }: Decision & { readonly runId: string; readonly amount?: number },
): Promise<{ grantId: string; created: boolean }> {
  const most = amount === undefined ? null : exact(amount);
  const row = await verbRow<{ grant_id: string; created: boolean }>(
    db,
    sql`select * from credit_make_good(${newId("grt")}, ${runId}, ${most}, ${actor}, ${reason})`,
  );
  return { grantId: row.grant_id, created: row.created };
}
