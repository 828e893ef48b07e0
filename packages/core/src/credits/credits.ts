import type { Balance } from "@imgpilot/contract/credits";
import type { Entry } from "@imgpilot/contract/generations";
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import { exact, moment, verb, verbRow } from "../db/verb.ts";
import { newId } from "../ids.ts";
import { creditAccount, creditGrant, creditTransfer } from "./credits.sql.ts";

export { adjust, makeGood } from "./adjustments.ts";
export { clawback, refundUnspent, reinstate } from "./claims.ts";
export { csvOf } from "./csv.ts";
export { journal, statement } from "./journal.ts";

export type Grant = {
  readonly accountId: string;
  /** What it is for and which one of these: `welcome` and the account, `stripe` and the payment (L20). */
  readonly source: string;
  readonly sourceRef: string;
  readonly category: "promo" | "paid";
  readonly amount: number;
  /** Lower pays first; 50 unless said. */
  readonly priority?: number;
  /** Null, and absent, never expires. */
  readonly validSeconds?: number | null;
  readonly actor?: string;
};

export type Hold = {
  readonly holdId: string;
  readonly accountId: string;
  readonly amount: number;
  readonly requestHash: string;
  /** This grant alone pays. */
  readonly grantId?: string;
};

export type HoldState = "held" | "denied" | "committed" | "refunded" | "expired";

/** One way in which the books do not balance. */
export type AuditFinding = { readonly invariant: string; readonly subject: string; readonly detail: string };

/** Makes the account's books. Repeating it changes nothing. */
export async function openAccount(db: Db, accountId: string): Promise<void> {
  await verb(db, sql`select credit_open(${accountId})`);
}

/**
 * Gives credits once per source and its reference; debt is paid first (L18, L20).
 * @throws when the same occasion gave another amount, or gave it to another account.
 */
export async function grant(db: Db, given: Grant): Promise<{ grantId: string; created: boolean }> {
  const { accountId, source, sourceRef, category, amount, priority = 50, validSeconds, actor } = given;
  const row = await verbRow<{ grant_id: string; created: boolean }>(
    db,
    sql`select * from credit_grant_add(${newId("grt")}, ${accountId}, ${source}, ${sourceRef}, ${category},
      ${exact(amount)}, ${priority}, make_interval(secs => ${validSeconds ?? null}), ${actor ?? null})`,
  );
  return { grantId: row.grant_id, created: row.created };
}

/**
 * Sets credits aside. Repeated, it answers how the hold is now, and moves nothing (L5); `denied` stays denied (L6);
 * `conflict`: the id was used for something else. The workflow's holds are made by `Runs.request`.
 */
export async function reserve(db: Db, hold: Hold): Promise<HoldState | "conflict"> {
  const { holdId, accountId, amount, requestHash, grantId } = hold;
  const row = await verbRow<{ state: HoldState | "conflict" }>(
    db,
    sql`select credit_reserve(${holdId}, ${accountId}, ${exact(amount)}, ${requestHash}, ${grantId ?? null}) as state`,
  );
  return row.state;
}

/**
 * What the account can spend now (debt taken off), what is held, and the grants that are left, soonest to expire first.
 * The database's clock decides what has expired (L9).
 */
export async function balance(db: Db, accountId: string): Promise<Balance> {
  const grant = creditGrant;
  const isLive = sql<boolean>`(${grant.effectiveAt} <= now() and ${grant.expiresAt} > now())`;
  const rows = await db
    .select({
      debt: creditAccount.debt,
      grant: { id: grant.id, category: grant.category, amount: grant.amount, held: grant.held },
      remaining: sql<string>`case when ${isLive} then ${grant.remaining} else 0 end`,
      expiresAt: sql<string | null>`nullif(${grant.expiresAt}, 'infinity')`,
    })
    .from(creditAccount)
    .leftJoin(
      grant,
      and(
        eq(grant.accountId, creditAccount.accountId),
        sql`${grant.exhaustedAt} is null and (${isLive} or ${grant.held} > 0)`,
      ),
    )
    .where(eq(creditAccount.accountId, accountId))
    .orderBy(asc(grant.expiresAt), asc(grant.priority), sql`${grant.category} = 'paid'`, asc(grant.id));

  const grants = rows.flatMap(({ grant, remaining, expiresAt }) =>
    grant ? [{ ...grant, remaining: exact(remaining), expiresAt: expiresAt && moment(expiresAt) }] : [],
  );
  const debt = rows[0]?.debt ?? 0;
  const usable = grants.reduce((sum, { remaining }) => sum + remaining, 0);
  const held = grants.reduce((sum, grant) => sum + grant.held, 0);
  return { available: Math.max(0, usable - debt), held, debt, grants };
}

/** The journal of these holds, oldest first: a receipt's entries (promise C7). */
export async function entries(db: Db, { holdIds }: { holdIds: readonly string[] }): Promise<Entry[]> {
  if (holdIds.length === 0) return [];
  const rows = await db
    .select()
    .from(creditTransfer)
    .where(inArray(creditTransfer.holdId, [...holdIds]))
    .orderBy(asc(creditTransfer.id));
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    grant: row.grantId,
    hold: row.holdId,
    from: row.fromBucket,
    to: row.toBucket,
    amount: row.amount,
    at: row.createdAt.toISOString(),
  }));
}

/** Expires what is left in grants that are past their time, of at most `limit` accounts. Answers how many grants. */
export async function expireDue(db: Db, limit: number): Promise<number> {
  const accounts = await verb<{ account_id: string }>(
    db,
    sql`select account_id from credit_grant
      where exhausted_at is null and remaining > 0 and expires_at < 'infinity' and expires_at <= now()
      group by account_id order by min(expires_at) limit ${limit}`,
  );
  let expired = 0;
  // One transaction an account: whoever holds two accounts' locks may wait for one who holds them the other way round.
  for (const { account_id } of accounts)
    expired += (await verbRow<{ n: number }>(db, sql`select credit_expire(${account_id}) as n`)).n;
  return expired;
}

const INVARIANTS = sql`select * from credit_audit() union all select * from run_audit() order by 1, 2`;

/**
 * The invariant query, of credits and of runs: empty when the books balance. It reads all of the journal, which with
 * `mostSeconds` may take longer than the role allows its statements, and then changes nothing by the database's word.
 */
export async function audit(db: Db, { mostSeconds }: { mostSeconds?: number } = {}): Promise<AuditFinding[]> {
  if (mostSeconds === undefined) return verb<AuditFinding>(db, INVARIANTS);
  const allow = sql`select set_config('statement_timeout', ${`${mostSeconds}s`}, true)`;
  const work = async (tx: Db) => {
    await tx.execute(allow);
    return verb<AuditFinding>(tx, INVARIANTS);
  };
  return db.transaction(work, { accessMode: "read only" });
}
