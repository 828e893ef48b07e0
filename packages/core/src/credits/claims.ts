import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import { exact, verb } from "../db/verb.ts";

/** A payment, as its grant was made for it (L20). */
type Payment = { readonly source: string; readonly sourceRef: string };

/** What an event took of a grant, or gave back to it, in credits. */
export type Claim = {
  readonly grantId: string;
  readonly accountId: string;
  /** All of it. */
  readonly credits: number;
  /** Taken of what was left or, reinstated, given back to be spent. */
  readonly unspent: number;
  /** Waits until the holds end: returned, it is taken; used, it is owed. Reinstated, it waits no more. */
  readonly held: number;
  /** Had expired: it costs the person nothing, and comes back as expired. */
  readonly expired: number;
  /** Was used, and is owed (L18). */
  readonly owed: number;
};

type Row = {
  grant_id: string;
  account_id: string;
  from_remaining: string;
  from_held: string;
  from_expired: string;
  from_consumed: string;
};

/**
 * Takes what refunds and lost disputes have reversed of a payment so far, in credits, less what is claimed already (L19).
 * `cumulative` is the whole, so events may be late, repeated or lost; it never takes more than the grant. Told again, the
 * same event moves nothing and answers the same. Null: the payment has no grant yet; the event is to be told again.
 * @throws when the event was about something else.
 */
export async function clawback(
  db: Db,
  { source, sourceRef, cumulative, eventId }: Payment & { cumulative: number; eventId: string },
): Promise<Claim | null> {
  return claim(
    db,
    sql`select * from credit_clawback(${source}, ${sourceRef}, ${exact(cumulative)}, ${eventId})`,
  );
}

/**
 * Takes back what is left of a purchase and never more, at most `limit`: a voluntary refund, a withdrawal from the
 * contract, or the freeze while a dispute is open (promises B3 and B5). What it took is what money is due for.
 */
export async function refundUnspent(
  db: Db,
  { source, sourceRef, limit, eventId }: Payment & { limit?: number; eventId: string },
): Promise<Claim | null> {
  const most = limit === undefined ? null : exact(limit);
  return claim(db, sql`select * from credit_refund_unspent(${source}, ${sourceRef}, ${most}, ${eventId})`);
}

/**
 * Gives back what an earlier claim took, all of it unless `limit` says less: a dispute was won. It is in the claim's own
 * credits, and later claims count it (L19). Debt is paid first (L18); what comes back to a grant that has expired is given
 * anew for a week (L11). Null: there is no such claim yet.
 */
export async function reinstate(
  db: Db,
  { claimId, limit, eventId }: { claimId: string; limit?: number; eventId: string },
): Promise<Claim | null> {
  const most = limit === undefined ? null : exact(limit);
  return claim(db, sql`select * from credit_reinstate(${claimId}, ${most}, ${eventId})`);
}

async function claim(db: Db, statement: SQL): Promise<Claim | null> {
  const [row] = await verb<Row>(db, statement);
  if (!row) return null;
  const [unspent, held] = [exact(row.from_remaining), exact(row.from_held)];
  const [expired, owed] = [exact(row.from_expired), exact(row.from_consumed)];
  const credits = unspent + held + expired + owed;
  return { grantId: row.grant_id, accountId: row.account_id, credits, unspent, held, expired, owed };
}
