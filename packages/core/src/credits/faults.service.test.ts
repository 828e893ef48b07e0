import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { aGrant, anAccount, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { sql } from "drizzle-orm";
import { afterEach, describe, expect, test, vi } from "vitest";
import { verbRow } from "../db/verb.ts";
import { Credits } from "./index.ts";
import { ledgerOf } from "./ledger.fixture.ts";

/** Bad input, callers at once, wrong clocks and faults that pass: what may be asked of the ledger and must not hurt it. */
const database = freshDatabase({ connections: 40 });
const { endGrant, owe } = ledgerOf(database);
afterEach(() => expectBalancedBooks(database.db));

const entriesOf = async (accountId: string) =>
  (await Credits.journal(database.db, { accountId })).lines.length;
const reserve = (accountId: string, amount: number, facts: object = {}) =>
  Credits.reserve(database.db, { holdId: randomUUID(), accountId, amount, requestHash: "same", ...facts });

describe("amounts", () => {
  const WRONG = [
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.MAX_SAFE_INTEGER + 1,
    2 ** 63,
    2 ** 64,
  ];

  test.for([0, ...WRONG])("L23: of %d, no verb moves anything", async (amount) => {
    const accountId = await anAccount(database.db, 5);
    const before = await entriesOf(accountId);
    const why = { actor: "operator", reason: "test", eventId: randomUUID() };
    await expect(aGrant(database.db, accountId, { amount })).rejects.toThrow();
    await expect(reserve(accountId, amount)).rejects.toThrow();
    if (amount !== -1)
      await expect(Credits.adjust(database.db, { accountId, amount, ...why })).rejects.toThrow();
    expect(await entriesOf(accountId)).toBe(before);
  });

  test.for(WRONG)("L19 L23: of %d, nothing is clawed back, refunded or reinstated", async (amount) => {
    const accountId = await anAccount(database.db, 0);
    const payment = { source: "stripe", sourceRef: randomUUID() };
    await aGrant(database.db, accountId, { ...payment, amount: 5 });
    const claimId = randomUUID();
    await Credits.clawback(database.db, { ...payment, cumulative: 2, eventId: claimId });
    const before = await entriesOf(accountId);
    const eventId = randomUUID();
    for (const call of [
      () => Credits.clawback(database.db, { ...payment, cumulative: amount, eventId }),
      () => Credits.refundUnspent(database.db, { ...payment, limit: amount, eventId }),
      () => Credits.reinstate(database.db, { claimId, limit: amount, eventId }),
    ])
      await expect(call()).rejects.toThrow();
    expect(await entriesOf(accountId)).toBe(before);
  });

  test("L23: beyond what a number or a bigint holds exactly, nothing is stored or rounded", async () => {
    const accountId = await anAccount(database.db, 0);
    const give = (amount: string) => database.owner`
      select credit_grant_add(${randomUUID()}, ${accountId}, 'test', ${randomUUID()}, 'promo', ${amount}::bigint)`;
    await give("9223372036854775807");
    await expect(give("9223372036854775808")).rejects.toMatchObject({ code: "22003" });
    await expect(give("1.5")).rejects.toMatchObject({ code: "22P02" });
    await expect(Credits.balance(database.db, accountId)).rejects.toThrow();
    expect((await reserve(accountId, Number.MAX_SAFE_INTEGER)) satisfies string).toBe("held");
  });

  test("L20: an occasion that comes again with another amount, or for another account, is refused", async () => {
    const [accountId, other] = [await anAccount(database.db, 0), await anAccount(database.db, 0)];
    const payment = { source: "stripe", sourceRef: randomUUID(), amount: 10 };
    await aGrant(database.db, accountId, payment);
    await expect(aGrant(database.db, accountId, { ...payment, amount: 11 })).rejects.toThrow();
    await expect(aGrant(database.db, other, payment)).rejects.toThrow();
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 10 });
    expect(await Credits.balance(database.db, other)).toMatchObject({ available: 0 });
  });
});

describe("the application's clock", () => {
  afterEach(() => vi.useRealTimers());

  test.for([-1, 1])("L9: is %d h off, and nothing is spent, expired or given otherwise", async (hours) => {
    const accountId = await anAccount(database.db, 0);
    const over = await aGrant(database.db, accountId, { amount: 3, validSeconds: 1_800 });
    await endGrant(over);
    vi.useFakeTimers({ now: Date.now() + hours * 3_600_000, toFake: ["Date"] });
    const lasting = await aGrant(database.db, accountId, { amount: 4, validSeconds: 1_800 });
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 4 });
    expect(await reserve(accountId, 5)).toBe("denied");
    expect(await reserve(accountId, 4)).toBe("held");
    await Credits.expireDue(database.db, 100);
    const rows = await database.owner`
      select id, expired::int, held::int, expires_at between now() + interval '29 minutes' and now() + interval '31 minutes'
        as right_time from credit_grant where account_id = ${accountId} order by created_at`;
    expect(rows).toEqual([
      { id: over, expired: 3, held: 0, right_time: false },
      { id: lasting, expired: 0, held: 4, right_time: true },
    ]);
  });
});

describe("at once", () => {
  test("L7: of two hundred requests for the last credit exactly one gets it", async () => {
    const accountId = await anAccount(database.db, 1);
    const answers = await Promise.all(Array.from({ length: 200 }, () => reserve(accountId, 1)));
    expect(answers.filter((answer) => answer === "held")).toHaveLength(1);
    expect(answers.filter((answer) => answer === "denied")).toHaveLength(199);
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 0, held: 1 });
  });

  test("L22: every verb on the same accounts by forty callers meets no deadlock", async () => {
    const accounts = await Promise.all([1, 2, 3].map(() => anAccount(database.db, [20, 20])));
    const payments = accounts.map((accountId) => ({ source: "stripe", sourceRef: accountId }));
    for (const [i, accountId] of accounts.entries())
      await aGrant(database.db, accountId, { ...payments[i], amount: 20 });
    const before = await deadlocks();
    const verbs = Array.from({ length: 120 }, (_, i) => {
      const [accountId, payment] = [accounts[i % 3] ?? "", payments[i % 3] ?? { source: "", sourceRef: "" }];
      const [eventId, why] = [`${accountId}-${i}`, { actor: "operator", reason: "test" }];
      const claimId = `${accountId}-${i - 3}`;
      return [
        () => reserve(accountId, 3),
        () => Credits.clawback(database.db, { ...payment, cumulative: (i % 20) + 1, eventId }),
        () => Credits.reinstate(database.db, { claimId, eventId }),
        () => Credits.adjust(database.db, { accountId, amount: i % 2 ? 2 : -2, eventId, ...why }),
        () => Credits.refundUnspent(database.db, { ...payment, limit: 1, eventId }),
        () => Credits.expireDue(database.db, 10),
      ][Math.floor(i / 3) % 6];
    });
    await Promise.all(verbs.map((call) => call?.()));
    expect(await deadlocks()).toBe(before);
  });
});

async function deadlocks(): Promise<number> {
  await database.owner`select pg_stat_force_next_flush()`;
  const [row] = await database.owner`
    select deadlocks::int as n from pg_stat_database where datname = current_database()`;
  return Number(row?.n);
}

describe("faults that pass", () => {
  test("L22: a deadlock with somebody who takes locks in another order is tried again and never surfaces", async () => {
    const accountId = await anAccount(database.db, 10);
    const { grants } = await Credits.balance(database.db, accountId);
    let answer: Promise<string> | undefined;
    await database.owner.begin(async (tx) => {
      await tx`select from credit_grant where id = ${grants[0]?.id ?? ""} for update`;
      answer = reserve(accountId, 4);
      for (let waiting = false; !waiting; await delay(5)) {
        const rows = await database.owner`
          select from pg_locks join pg_stat_activity using (pid)
          where not granted and datname = current_database()`;
        waiting = rows.length > 0;
      }
      // The other one waits for this grant and holds the account, and now both wait: it has waited longer, and is the one
      // that Postgres stops.
      await tx`select from credit_account where account_id = ${accountId} for update`;
    });
    expect(await answer).toBe("held");
    expect(await deadlocks()).toBeGreaterThan(0);
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 6, held: 4 });
  });

  test.for(["40001", "40P01", "55P03"])(
    "L5: %s from a verb is tried again until it succeeds",
    async (code) => {
      const name = `flaky_${code.toLowerCase()}`;
      await database.owner.unsafe(`
      create sequence ${name}_calls;
      create function ${name}() returns bigint language plpgsql security definer as $$
      declare n bigint := nextval('${name}_calls');
      begin
        if n < 4 then raise exception 'not now' using errcode = '${code}'; end if;
        return n;
      end $$;
      grant execute on function ${name} to imgpilot_app`);
      const { n } = await verbRow<{ n: string }>(database.db, sql.raw(`select ${name}() as n`));
      expect(Number(n)).toBe(4);
    },
  );

  test("L5: what is the caller's mistake is not tried again", async () => {
    await database.owner.unsafe(`
      create sequence mistakes;
      create function mistake() returns bigint language plpgsql security definer as $$
      begin
        perform nextval('mistakes');
        raise exception 'L12' using errcode = 'check_violation';
      end $$;
      grant execute on function mistake to imgpilot_app`);
    await expect(verbRow(database.db, sql`select mistake()`)).rejects.toThrow();
    const [row] = await database.owner`select last_value::int as calls from mistakes`;
    expect(row?.calls).toBe(1);
  });
});

test("L18: an account that owes is paid by every kind of gift, and spends nothing before", async () => {
  const accountId = await anAccount(database.db, 0);
  await owe(accountId, 9);
  await aGrant(database.db, accountId, { amount: 5 });
  expect(await reserve(accountId, 1)).toBe("denied");
  await aGrant(database.db, accountId, { amount: 5 });
  expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 1, debt: 0 });
});
