import { randomUUID } from "node:crypto";
import { aGrant, anAccount, aRecordedImage, aRunAtWork, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, describe, expect, test } from "vitest";
import { Runs } from "../runs/index.ts";
import { Credits } from "./index.ts";
import { ledgerOf } from "./ledger.fixture.ts";

const database = freshDatabase();
const { hold, use, owe } = ledgerOf(database);
afterEach(() => expectBalancedBooks(database.db));

const why = { actor: "operator", reason: "ticket 7" };
const adjust = (accountId: string, amount: number, facts: object = {}) =>
  Credits.adjust(database.db, { accountId, amount, eventId: randomUUID(), ...why, ...facts });
const balance = (accountId: string) => Credits.balance(database.db, accountId);

const rowsOf = (accountId: string) => database.owner`
  select kind, amount::int, actor, meta ->> 'reason' as reason from credit_transfer
  where account_id = ${accountId} order by id`;

describe("an adjustment", () => {
  test("L24: gives credits, and the journal says who did and why", async () => {
    const accountId = await anAccount(database.db, 0);
    expect(await adjust(accountId, 10)).toBe(10);
    expect(await rowsOf(accountId)).toEqual([{ kind: "grant", amount: 10, ...why }]);
    expect(await balance(accountId)).toMatchObject({ available: 10 });
  });

  test("L18 L24: takes what is left in the order of spending, never what is held or used, and makes no debt", async () => {
    const accountId = await anAccount(database.db, 0);
    const soon = await aGrant(database.db, accountId, { amount: 5, validSeconds: 60 });
    const later = await aGrant(database.db, accountId, { amount: 5 });
    await use(accountId, later, 1);
    await hold(accountId, later, 2);
    expect(await adjust(accountId, -6)).toBe(-6);
    expect((await rowsOf(accountId)).filter(({ kind }) => kind === "adjust")).toEqual([
      { kind: "adjust", amount: 5, ...why },
      { kind: "adjust", amount: 1, ...why },
    ]);
    expect(await adjust(accountId, -6)).toBe(-1);
    expect(await balance(accountId)).toMatchObject({ available: 0, held: 2, debt: 0 });
    expect(soon).not.toBe(later);
  });

  test("L18: what is given pays what is owed first", async () => {
    const accountId = await anAccount(database.db, 0);
    await owe(accountId, 4);
    await adjust(accountId, 10);
    expect(await balance(accountId)).toMatchObject({ available: 6, debt: 0 });
  });

  test.for([10, -3])("L5: told five times at once, an adjustment by %d is made once", async (amount) => {
    const accountId = await anAccount(database.db, 5);
    const eventId = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => adjust(accountId, amount, { eventId })),
    );
    expect(new Set(answers)).toEqual(new Set([amount]));
    expect(await balance(accountId)).toMatchObject({ available: 5 + amount });
    await expect(adjust(accountId, amount + 1, { eventId })).rejects.toThrow();
    await expect(adjust(await anAccount(database.db), amount, { eventId })).rejects.toThrow();
    expect(await balance(accountId)).toMatchObject({ available: 5 + amount });
  });

  test.for([{ actor: "" }, { reason: "" }])(
    "L24: without an actor and a reason nothing moves: %j",
    async (facts) => {
      const accountId = await anAccount(database.db, 5);
      await expect(adjust(accountId, 10, facts)).rejects.toThrow();
      await expect(adjust(accountId, -3, facts)).rejects.toThrow();
      expect(await balance(accountId)).toMatchObject({ available: 5 });
    },
  );
});

describe("making a run good", () => {
  /** A run whose two images were delivered and charged. */
  async function aChargedRun() {
    const work = await aRunAtWork(database.db, { count: 2 });
    for (const image of [0, 1]) await aRecordedImage(database.db, work.runId, image);
    await Runs.settle(database.db, work.runId, "CommitCredits");
    return work;
  }

  test("L17: whatever fails after the commit, no settling by anybody gives back what was charged", async () => {
    const { accountId, runId } = await aChargedRun();
    for (const by of ["RefundCredits", "event", "sweeper", "cancel", "delete"] as const)
      expect(await Runs.settle(database.db, runId, by)).toMatchObject({ hold: "committed", charged: 8 });
    expect(await balance(accountId)).toMatchObject({ available: 92, held: 0 });
  });

  test("L17: is a decision of its own, once per run, and leaves the charge as it was", async () => {
    const { accountId, runId } = await aChargedRun();
    const made = await Promise.all(
      Array.from({ length: 4 }, () => Credits.makeGood(database.db, { runId, amount: 4, ...why })),
    );
    expect(made.filter(({ created }) => created)).toHaveLength(1);
    expect(await balance(accountId)).toMatchObject({ available: 96 });
    expect(await Runs.settle(database.db, runId, "event")).toMatchObject({ charged: 8 });
    await expect(Credits.makeGood(database.db, { runId, ...why })).rejects.toThrow();
    expect(await balance(accountId)).toMatchObject({ available: 96 });
  });

  test("L17: gives nothing for a run that was not charged, nor more than was, nor without a reason (L24)", async () => {
    const { accountId, runId } = await aRunAtWork(database.db);
    await expect(Credits.makeGood(database.db, { runId, ...why })).rejects.toThrow();
    await Runs.settle(database.db, runId, "RefundCredits");
    await expect(Credits.makeGood(database.db, { runId, ...why })).rejects.toThrow();
    const charged = await aChargedRun();
    for (const facts of [{ amount: 9 }, { amount: 0 }, { amount: -1 }, { reason: "" }])
      await expect(
        Credits.makeGood(database.db, { runId: charged.runId, ...why, ...facts }),
      ).rejects.toThrow();
    expect(await balance(accountId)).toMatchObject({ available: 100 });
    expect(await balance(charged.accountId)).toMatchObject({ available: 92 });
  });
});
