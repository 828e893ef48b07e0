import { JournalLine } from "@imgpilot/contract/credits";
import { verifyJournal } from "@imgpilot/contract/verifier";
import { aGrant, anAccount, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import type { TransactionSql } from "postgres";
import { afterEach, expect, test } from "vitest";
import { Credits } from "./index.ts";
import { ledgerOf } from "./ledger.fixture.ts";

/** Guards L3 against those who can get around triggers: the journal's chain, by the audit and by what anybody can run. */
const database = freshDatabase({ connections: 16 });
const { settle, endGrant, hold, aPayment, use } = ledgerOf(database);
afterEach(() => expectBalancedBooks(database.db));

async function download(accountId: string, limit?: number): Promise<string> {
  const lines: string[] = [];
  for (let after: number | null = 0; after !== null; ) {
    const page = await Credits.journal(database.db, { accountId, after, ...(limit ? { limit } : {}) });
    lines.push(...page.lines);
    after = page.next;
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** An account to which everything has happened. */
async function aStory() {
  const accountId = await anAccount(database.db, 0);
  const { grantId, ...payment } = await aPayment(accountId, 20, { validSeconds: 60 });
  await use(accountId, grantId, 5);
  const held = `${accountId}-1`;
  await Credits.reserve(database.db, { holdId: held, accountId, amount: 6, requestHash: "" });
  await Credits.clawback(database.db, { ...payment, cumulative: 18, eventId: `${accountId}-claw` });
  await settle(held, accountId, 2);
  await aGrant(database.db, accountId, { amount: 10 });
  await endGrant(grantId);
  await Credits.reinstate(database.db, { claimId: `${accountId}-claw`, eventId: `${accountId}-won` });
  const reason = 'said "sorry" \\ \u00e9 \u{1f98a} \n \u007f <b>';
  const why = { actor: "operator", reason };
  await Credits.adjust(database.db, { accountId, amount: 5, eventId: `${accountId}-gave`, ...why });
  await Credits.adjust(database.db, { accountId, amount: -1, eventId: `${accountId}-took`, ...why });
  await database.owner`select credit_expire(${accountId})`;
  return accountId;
}

test("L2: whoever downloads the journal gets the very buckets, balance and debt that the ledger has", async () => {
  const accountId = await aStory();
  const verdict = await verifyJournal(await download(accountId));
  if (!verdict.ok) throw new Error(JSON.stringify(verdict));
  const rows = await database.owner`
    select id, amount::int, remaining::int, held::int, consumed::int, expired::int, revoked::int
    from credit_grant where account_id = ${accountId}`;
  expect(verdict.grants).toEqual(Object.fromEntries(rows.map(({ id, ...buckets }) => [id, buckets])));
  const { available, held, debt } = await Credits.balance(database.db, accountId);
  expect(verdict.balance).toEqual({ remaining: available, held, debt });
});

test("L3: the journal comes in parts of any size, and an account has its own alone", async () => {
  const [one, other] = [await aStory(), await aStory()];
  const whole = await download(one);
  expect(await download(one, 3)).toBe(whole);
  for (const line of whole.trim().split("\n"))
    expect(JSON.stringify(JournalLine.parse(JSON.parse(line)))).toBe(line);
  expect(whole).not.toContain(other);
});

test("L3 L22: rows that forty callers write at once make one chain, and so do rows of one statement", async () => {
  const accountId = await anAccount(database.db, [20, 20, 20]);
  const work = Array.from({ length: 40 }, async (_, i) => {
    const holdId = `${accountId}-${i}`;
    await Credits.reserve(database.db, { holdId, accountId, amount: 2, requestHash: "" });
    await settle(holdId, accountId, i % 3);
  });
  await Promise.all(work);
  expect(await verifyJournal(await download(accountId))).toMatchObject({ ok: true });
});

class RolledBack extends Error {}

/** What audit and verifier say after `tamper` had its way with the table, triggers off. */
async function after(accountId: string, tamper: (sql: TransactionSql) => Promise<unknown>) {
  const said: { audit: string[]; line?: number } = { audit: [] };
  const known = await verifyJournal(await download(accountId));
  const work = database.owner.begin(async (sql) => {
    await sql`alter table credit_transfer disable trigger user`;
    await tamper(sql);
    const rows = await sql<{ line: string }[]>`
      select credit_transfer_line(t) as line from credit_transfer t where account_id = ${accountId} order by id`;
    const text = rows.map(({ line }) => line).join("\n");
    const verdict = await verifyJournal(text, known.ok ? [known.chain] : []);
    if (!verdict.ok) said.line = verdict.line;
    const found = await sql<
      { invariant: string }[]
    >`select distinct invariant from credit_audit() order by 1`;
    said.audit = found.map(({ invariant }) => invariant);
    throw new RolledBack();
  });
  await expect(work).rejects.toThrow(RolledBack);
  return said;
}

test.for<[string, (sql: TransactionSql, ids: readonly string[]) => Promise<unknown>, number]>([
  [
    "an amount",
    (sql, ids) => sql`update credit_transfer set amount = amount + 1 where id = ${ids[3] ?? 0}`,
    4,
  ],
  ["a time", (sql, ids) => sql`update credit_transfer set created_at = now() where id = ${ids[1] ?? 0}`, 2],
  ["an actor", (sql, ids) => sql`update credit_transfer set actor = 'x' where id = ${ids[0] ?? 0}`, 1],
  ["a reason", (sql, ids) => sql`update credit_transfer set meta = '{"a":"b"}' where id = ${ids[2] ?? 0}`, 3],
  ["a row, away", (sql, ids) => sql`delete from credit_transfer where id = ${ids[2] ?? 0}`, 3],
])("L3: who changes %s is found by the audit and by the owner of the account", async ([, tamper, line]) => {
  const accountId = await aStory();
  const ids = (
    await database.owner`
    select id::text from credit_transfer where account_id = ${accountId} order by id`
  ).map(({ id }) => id);
  const said = await after(accountId, (sql) => tamper(sql, ids));
  expect(said.audit).toContain("L3");
  expect(said.line).toBe(line);
});

test("L22: a row that was written without the account's lock, between two others, is refused", async () => {
  const accountId = await anAccount(database.db, 10);
  const { grants } = await Credits.balance(database.db, accountId);
  await hold(accountId, grants[0]?.id ?? "", 1);
  const late = database.owner`
    insert into credit_transfer (id, account_id, grant_id, kind, from_bucket, to_bucket, amount)
    overriding system value values (1, ${accountId}, ${grants[0]?.id ?? ""}, 'expire', 'remaining', 'expired', 1)`;
  await expect(late).rejects.toThrow("L22");
});
