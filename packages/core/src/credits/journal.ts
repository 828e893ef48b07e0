import type { StatementEntry } from "@imgpilot/contract/credits";
import { sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import { exact, verb } from "../db/verb.ts";
import { generationOfRun } from "../ids.ts";

/** A part of a journal; `next` is where the one after it begins, null after the last. */
type Part<Row> = { readonly rows: readonly Row[]; readonly next: number | null };
type JournalPage = { readonly lines: readonly string[]; readonly next: number | null };

/**
 * What the lines of one part may weigh. A Lambda answers 6 MB at most, and text grows on its way there: as CSV each
 * quote of a reason is written twice, and in the answer's own JSON every quote and backslash once more.
 */
const PART_BYTES = 1_900_000;

/**
 * An account's journal, oldest first, as the JSON lines of `GET /api/credits/entries?format=jsonl`: each is the row's
 * canonical text with its place in the hash chain. Whoever changes a character breaks the chain, so pass them on as they
 * are; parts joined are the whole. The contract's `verifyJournal` checks them.
 */
export async function journal(
  db: Db,
  {
    accountId,
    after = 0,
    limit = 5_000,
  }: { accountId: string; after?: number | undefined; limit?: number | undefined },
): Promise<JournalPage> {
  const found = await verb<{ id: string; line: string }>(
    db,
    sql`select t.id, credit_transfer_line(t) as line from credit_transfer t
      where t.account_id = ${accountId} and t.id > ${after} order by t.id limit ${limit + 1}`,
  );
  const { rows, next } = partOf(found, limit);
  return { lines: rows.map(({ line }) => line), next };
}

type StatementRow = { id: string; line: string; remaining: string; held: string; debt: string };

/**
 * The same rows newest first, each with what the account had after it. That is counted back from the buckets of now, so
 * it costs as many rows as lie between: recent pages are cheap however long the journal is.
 */
export async function statement(
  db: Db,
  {
    accountId,
    before,
    limit = 50,
  }: { accountId: string; before?: number | undefined; limit?: number | undefined },
): Promise<{ items: StatementEntry[]; nextCursor: string | null }> {
  const newest = before ?? Number.MAX_SAFE_INTEGER;
  const found = await verb<StatementRow>(
    db,
    sql`with books as (
        select a.debt, coalesce(sum(g.remaining), 0) as remaining, coalesce(sum(g.held), 0) as held
        from credit_account a left join credit_grant g on g.account_id = a.account_id and g.exhausted_at is null
        where a.account_id = ${accountId} group by a.account_id
      )
      select (t).id, credit_transfer_line(t) as line, remaining, held, debt from (
        select t,
          b.remaining - coalesce(sum(${delta("remaining")}) over newer, 0) as remaining,
          b.held - coalesce(sum(${delta("held")}) over newer, 0) as held,
          b.debt - coalesce(sum(case t.kind when 'owe' then t.amount when 'repay' then -t.amount end) over newer, 0) as debt
        from credit_transfer t cross join books b where t.account_id = ${accountId}
        window newer as (order by t.id desc rows between unbounded preceding and 1 preceding)
      ) counted
      where (t).id < ${newest} order by (t).id desc limit ${limit + 1}`,
  );
  const { rows, next } = partOf(found, limit);
  return { items: rows.map(entryOf), nextCursor: next === null ? null : String(next) };
}

const delta = (bucket: "remaining" | "held") =>
  sql`case ${bucket} when t.to_bucket then t.amount when t.from_bucket then -t.amount end`;

function entryOf({ line, remaining, held, debt }: StatementRow): StatementEntry {
  const row: Omit<StatementEntry, "generation" | "after"> = JSON.parse(line);
  const after = { remaining: exact(remaining), held: exact(held), debt: exact(debt) };
  return { ...row, generation: row.hold && generationOfRun(row.hold), after };
}

/** Of `limit` rows and one more, as many as one answer carries. There is always one, or nobody would ever get on. */
function partOf<Row extends { id: string; line: string }>(found: readonly Row[], limit: number): Part<Row> {
  let bytes = 0;
  const heavy = found.findIndex(({ line }, index) => {
    bytes += Buffer.byteLength(line) + 1;
    return index > 0 && bytes > PART_BYTES;
  });
  const rows = found.slice(0, heavy < 0 ? limit : Math.min(heavy, limit));
  const last = rows.length < found.length ? rows.at(-1) : undefined;
  return { rows, next: last ? Number(last.id) : null };
}
