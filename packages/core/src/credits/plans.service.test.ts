import { freshDatabase } from "@imgpilot/testkit/postgres";
import type { TransactionSql } from "postgres";
import { beforeAll, describe, expect, test } from "vitest";

/**
 * The plans that traps 2 and 3 of ledger.md section 4 are about, inside the functions as well as outside: which tables a
 * call reads from end to end, and which indexes it uses, as Postgres counts it within the transaction.
 */
const database = freshDatabase({ connections: 4 });

const ACCOUNTS = 400;
const HOLDS = 20_000;
const TABLES = ["credit_account", "credit_grant", "credit_hold", "credit_claim", "credit_transfer"];

/** Books of some size, as a bulk load leaves them: hardly a hold is held. Nothing here is audited. */
async function seed(sql: TransactionSql): Promise<void> {
  for (const table of TABLES) await sql.unsafe(`alter table ${table} disable trigger user`);
  await sql`insert into credit_account (account_id) select 'acc_' || i from generate_series(1, ${ACCOUNTS}::int) i`;
  await sql`
    insert into credit_grant (id, account_id, source, source_ref, category, amount, remaining)
    select format('grt_%s_%s', i, n), 'acc_' || i, 'test', format('%s %s', i, n), 'paid', 1000, 1000
    from generate_series(1, ${ACCOUNTS}::int) i, generate_series(1, 5) n`;
  await sql`
    insert into credit_hold (id, account_id, amount, state, returned, expires_at, resolved_at)
    select 'hold-' || i, 'acc_' || (1 + i % ${ACCOUNTS}::int), 1, s, case s when 'held' then 0 else 1 end, now(),
      case s when 'held' then null else now() end
    from generate_series(1, ${HOLDS}::int) i, lateral (select case i % 5000 when 0 then 'held' else 'refunded' end as s) x`;
  await sql`
    insert into credit_transfer (account_id, grant_id, hold_id, kind, from_bucket, to_bucket, amount, chain)
    select h.account_id, replace(h.account_id, 'acc', 'grt') || '_1', h.id, 'reserve', 'remaining', 'held', 1, ''
    from credit_hold h where h.id like 'hold-%'`;
  await sql`
    insert into credit_claim (event_id, account_id, grant_id, kind, asked)
    select 'evt-' || id, account_id, id, 'clawback', 0 from credit_grant`;
  for (const table of TABLES) await sql.unsafe(`alter table ${table} enable trigger user`);
}

class RolledBack extends Error {}

/** The tables that the calls read from end to end, and the indexes that they used; what they did is rolled back. */
async function scansOf(calls: (sql: TransactionSql) => Promise<unknown>) {
  let scans = { tables: [] as string[], indexes: [] as string[] };
  const work = database.owner.begin(async (sql) => {
    const count = () => sql<{ name: string; isTable: boolean; n: number }[]>`
      select c.relname as name, c.relkind = 'r' as "isTable", pg_stat_get_xact_numscans(c.oid)::int as n
      from pg_class c left join pg_index i on i.indexrelid = c.oid
      where coalesce(i.indrelid, c.oid)::regclass::text = any (${TABLES})`;
    const before = new Map((await count()).map(({ name, n }) => [name, n]));
    await calls(sql);
    const used = (await count()).filter(({ name, n }) => n > (before.get(name) ?? 0));
    scans = {
      tables: used.filter(({ isTable }) => isTable).map(({ name }) => name),
      indexes: used.filter(({ isTable }) => !isTable).map(({ name }) => name),
    };
    throw new RolledBack();
  });
  await expect(work).rejects.toThrow(RolledBack);
  return scans;
}

const CALLS: Readonly<Record<string, (sql: TransactionSql, i: number) => Promise<unknown>>> = {
  reserve: (sql, i) => sql`select credit_reserve(${`new-${i}`}, ${`acc_${i}`}, 3, 'same')`,
  settle: (sql, i) => sql`select credit_settle(${`new-${i}`}, ${`acc_${i}`}, 1, 'refunded', 'test')`,
  grant: (sql, i) => sql`select credit_grant_add(${`grt-${i}`}, ${`acc_${i}`}, 'new', ${`${i}`}, 'paid', 5)`,
  clawback: (sql, i) => sql`select credit_clawback('new', ${`${i}`}, 2, ${`claw-${i}`})`,
  reinstate: (sql, i) => sql`select credit_reinstate(${`claw-${i}`}, null, ${`won-${i}`})`,
  adjust: (sql, i) => sql`
    select credit_adjust(${`adj-${i}`}, ${`acc_${i}`}, -1, 'operator', 'test', ${`adj-${i}`})`,
  expire: (sql, i) => sql`select credit_expire(${`acc_${i}`})`,
};

/** Each verb for some accounts, enough that Postgres turns to plans that it keeps. */
async function everyVerb(sql: TransactionSql): Promise<void> {
  for (let i = 1; i <= 12; i++) for (const call of Object.values(CALLS)) await call(sql, i);
}

describe("trap 3: plans that were made while tables were empty", () => {
  test("lead to no table being read from end to end once it has grown and was analysed", async () => {
    const connection = await database.owner.reserve();
    try {
      await connection`select credit_open('acc_early')`;
      for (let i = 0; i < 8; i++) {
        const id = `early-${i}`;
        await connection`select credit_grant_add(${id}, 'acc_early', 'early', ${id}, 'paid', 5)`;
        await connection`select credit_reserve(${id}, 'acc_early', 1, 'same')`;
        await connection`select credit_settle(${id}, 'acc_early', 1, 'refunded', 'test')`;
        await connection`select credit_clawback('early', ${id}, 1, ${id})`;
      }
      await database.owner.begin(seed);
      await database.owner.unsafe(`analyze ${TABLES.join(", ")}`);
      const read = () => connection<{ name: string; n: number }[]>`
        select relname as name, pg_stat_get_xact_numscans(oid)::int as n from pg_class
        where oid = any (${TABLES}::regclass[])`;
      await connection`begin`;
      const before = await read();
      await connection`select credit_reserve('late', 'acc_early', 1, 'same')`;
      await connection`select credit_settle('late', 'acc_early', 1, 'refunded', 'test')`;
      await connection`select credit_clawback('early', 'early-0', 5, 'late')`;
      const after = await read();
      await connection`commit`;
      expect(after).toEqual(before);
    } finally {
      connection.release();
    }
  });
});

describe("of books of some size", () => {
  beforeAll(async () => {
    const [row] = await database.owner`select count(*)::int as n from credit_hold where id like 'hold-%'`;
    if (row?.n === 0) await database.owner.begin(seed);
    await database.owner.unsafe(`analyze ${TABLES.join(", ")}`);
  });

  test("no verb reads a table from end to end", async () => {
    expect((await scansOf(everyVerb)).tables).toEqual([]);
  });

  test("trap 2: no verb looks a hold up through the sweeper's index, but by its key", async () => {
    const { indexes } = await scansOf(everyVerb);
    expect(indexes).toContain("credit_hold_pkey");
    expect(indexes).not.toContain("credit_hold_due");
  });

  test("trap 2: no function asks for a hold by key and state at once: what it finds by key, it looks at", async () => {
    const rows = await database.owner<{ name: string }[]>`
      select proname as name from pg_proc
      where pronamespace = 'public'::regnamespace
        and prosrc ~ 'credit_hold\\s+\\w*\\s*where\\s+(\\w+\\.)?id = \\S+\\s+and\\s+(\\w+\\.)?state'`;
    expect(rows).toEqual([]);
    const plan = JSON.stringify(
      await database.owner`explain select * from credit_hold where id = 'hold-5000'`,
    );
    expect(plan).toContain("credit_hold_pkey");
  });

  test("L3: the last row of a chain is found by the account's index", async () => {
    const { indexes } = await scansOf((sql) => CALLS.reserve?.(sql, 7) ?? Promise.resolve());
    expect(indexes).toContain("credit_transfer_account");
  });

  test("buckets move without touching an index (HOT): none mentions them, not even in its predicate", async () => {
    const rows = await database.owner<{ text: string }[]>`
      select pg_get_indexdef(indexrelid) as text from pg_index where indrelid = 'credit_grant'::regclass`;
    expect(rows.length).toBeGreaterThan(3);
    const buckets = /\b(amount|remaining|held|consumed|expired|revoked|revoke_pending)\b/;
    expect(rows.map(({ text }) => text).filter((text) => buckets.test(text))).toEqual([]);
  });
});
