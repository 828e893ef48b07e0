import { sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import { verb } from "../db/verb.ts";

/** A part of a journal; `next` is where the one after it begins, null after the last. */
type JournalPage = { readonly lines: readonly string[]; readonly next: number | null };

/**
 * An account's journal, oldest first, as the JSON lines of `GET /api/credits/entries?format=jsonl`: each is the row's
 * canonical text with its place in the hash chain. Whoever changes a character breaks the chain, so pass them on as they
 * are. The contract's `verifyJournal` checks them.
 */
export async function journal(
  db: Db,
  { accountId, after = 0, limit = 1_000 }: { accountId: string; after?: number; limit?: number },
): Promise<JournalPage> {
  const rows = await verb<{ id: string; line: string }>(
    db,
    sql`select t.id, credit_transfer_line(t) as line from credit_transfer t
      where t.account_id = ${accountId} and t.id > ${after} order by t.id limit ${limit}`,
  );
  const last = rows.length < limit ? undefined : rows.at(-1);
  return { lines: rows.map(({ line }) => line), next: last ? Number(last.id) : null };
}
