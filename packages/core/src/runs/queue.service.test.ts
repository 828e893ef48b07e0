import { PLANS, type PlanId } from "@imgpilot/contract/plans";
import { aCall, anAccount, anOrder, ROUTE } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, describe, expect, test } from "vitest";
import { Credits } from "../credits/index.ts";
import { newId, runId } from "../ids.ts";
import { HOLD_SECONDS, Runs } from "./index.ts";

/** Who is served next (rule 7, L21). Long queues are laid out in bulk, so the books of this file are not audited. */
const database = freshDatabase({ connections: 16 });

// Each test finds the queue empty.
afterEach(async () => {
  await database.owner`delete from run_attempt`;
  await database.owner`delete from run`;
});

const LONG = 10_000;

async function someone(plan: PlanId = "free", credits = 1_000): Promise<string> {
  const accountId = await anAccount(database.db, credits);
  await database.owner`insert into account (id, plan) values (${accountId}, ${plan})`;
  return accountId;
}
const changePlan = (accountId: string, plan: PlanId) =>
  database.owner`update account set plan = ${plan} where id = ${accountId}`;

async function asks(accountId: string): Promise<string> {
  const order = anOrder(accountId);
  expect(await Runs.request(database.db, order)).toMatchObject({ status: "created" });
  return runId(order.generationId, 1);
}
async function asksFor(accountId: string, runs: number): Promise<string[]> {
  const ids: string[] = [];
  for (let i = 0; i < runs; i++) ids.push(await asks(accountId));
  return ids;
}
const claimed = async (limit: number) => (await Runs.claim(database.db, limit)).map((run) => run.runId);

/** Queued an hour ago, all of it before anybody else came. */
async function queueAtOnce(accountId: string, runs: number): Promise<void> {
  const prefix = newId("gen");
  await database.owner`
    insert into credit_hold (id, account_id, amount, state)
    select format('%s%s-1', ${prefix}::text, i), ${accountId}, 1, 'held' from generate_series(1, ${runs}::int) i`;
  await database.owner`
    insert into run (id, generation_id, account_id, n, images, price_per_image, routes, request_hash, created_at)
    select format('%s%s-1', ${prefix}::text, i), format('%s%s', ${prefix}::text, i), ${accountId}, 1, '{0}', 1,
      ${JSON.stringify([ROUTE])}::text::jsonb, 'x', clock_timestamp() - interval '1 hour' + i * interval '1 millisecond'
    from generate_series(1, ${runs}::int) i`;
}

class RolledBack extends Error {}

/** Rows and index entries of `run` that one claim reads, as Postgres counts them; what it did is rolled back. */
async function readByClaim(limit: number): Promise<number> {
  let read = -1;
  const work = database.owner.begin(async (sql) => {
    const count = async () => {
      const [row] = await sql<{ n: number }[]>`
        select sum(pg_stat_get_xact_tuples_returned(c.oid))::int as n
        from pg_class c left join pg_index i on i.indexrelid = c.oid
        where coalesce(i.indrelid, c.oid) = 'run'::regclass`;
      return row?.n ?? 0;
    };
    const before = await count();
    await sql`select count(*) from run_claim(${limit}, ${JSON.stringify(PLANS)}::text::jsonb, ${`${HOLD_SECONDS} s`}::interval)`;
    read = (await count()) - before;
    throw new RolledBack();
  });
  await expect(work).rejects.toThrow(RolledBack);
  return read;
}

describe("ten thousand runs queued by one person", () => {
  test("delay nobody else: another's first run is the next that is claimed", async () => {
    await queueAtOnce(await someone(), LONG);
    expect(await claimed(1)).toHaveLength(1);
    const first = await asks(await someone());
    expect(await claimed(1)).toEqual([first]);
  });

  test("are not read from end to end by a claim, whether the table was analysed since or not", async () => {
    const early = await asks(await someone());
    expect(await claimed(5)).toEqual([early]);
    await queueAtOnce(await someone(), LONG);
    for (let i = 0; i < 4; i++) await asks(await someone());
    expect(await readByClaim(50)).toBeLessThan(500);
    await database.owner`analyze run`;
    expect(await readByClaim(50)).toBeLessThan(500);
  });

  test("hide no account behind them: every one that waits is found", async () => {
    const many = await someone();
    const others = await Promise.all(Array.from({ length: 12 }, () => someone()));
    await queueAtOnce(many, LONG);
    const firsts = await Promise.all(others.map(asks));
    expect((await claimed(13)).filter((id) => firsts.includes(id))).toHaveLength(12);
  });
});

describe("a plan", () => {
  test.for(Object.entries(PLANS))(
    "L21: of %s lets so many of an account's runs go at once, and no more under eight dispatchers",
    async ([plan, { concurrency }]) => {
      await asksFor(await someone(plan as PlanId), concurrency + 2);
      const claims = await Promise.all(Array.from({ length: 8 }, () => claimed(100)));
      expect(claims.flat()).toHaveLength(concurrency);
      expect(await claimed(100)).toEqual([]);
    },
  );

  test("that is raised or lowered counts from the next claim; what runs is left to end", async () => {
    const accountId = await someone("free");
    await asksFor(accountId, 12);
    const running = await claimed(100);
    expect(running).toHaveLength(PLANS.free.concurrency);
    await changePlan(accountId, "basic");
    running.push(...(await claimed(100)));
    expect(running).toHaveLength(PLANS.basic.concurrency);
    await changePlan(accountId, "free");
    for (const id of running.splice(0, PLANS.basic.concurrency - PLANS.free.concurrency)) {
      await Runs.settle(database.db, id, "event");
      expect(await claimed(100)).toEqual([]);
    }
    await Runs.settle(database.db, running[0] ?? "", "event");
    expect(await claimed(100)).toHaveLength(1);
  });

  test("of an account that was erased is a free one's: what it had asked for is not stuck", async () => {
    const accountId = await anAccount(database.db);
    await asksFor(accountId, PLANS.free.concurrency + 1);
    expect(await claimed(100)).toHaveLength(PLANS.free.concurrency);
  });

  test("that is not in the contract's table is refused", async () => {
    await expect(changePlan(await someone(), "gold" as PlanId)).rejects.toThrow(/account_plan_check/);
  });
});

describe("turns", () => {
  test("how many an account has at work comes before how long it waited, and before its plan", async () => {
    const [ultra, free] = [await someone("ultra"), await someone("free")];
    const [first, second] = await asksFor(ultra, 2);
    expect(await claimed(1)).toEqual([first]);
    const late = await asks(free);
    expect(await claimed(2)).toEqual([late, second]);
  });

  test("of one turn, a plan's priority is a head start: it passes who came just before, not who waits for long", async () => {
    const [free, waiting, ultra] = [await someone("free"), await someone("free"), await someone("ultra")];
    const long = await asks(waiting);
    await database.owner`
      update run set created_at = created_at - make_interval(secs => ${PLANS.ultra.priority + 1}) where id = ${long}`;
    const before = await asks(free);
    const paid = await asks(ultra);
    expect([await claimed(1), await claimed(1), await claimed(1)].flat()).toEqual([long, paid, before]);
  });
});

test("L21: twenty failures in a row free their places at once: the twenty-first starts without waiting", async () => {
  const accountId = await someone();
  for (let i = 0; i < 21; i++) {
    const id = await asks(accountId);
    expect(await claimed(100)).toEqual([id]);
    await aCall(database.db, id);
    expect(await Runs.settle(database.db, id, "RefundCredits")).toMatchObject({ outcome: "failed" });
  }
  expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 1_000, held: 0 });
});
