import { aGrant, anAccount, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, describe, expect, test } from "vitest";
import { Credits } from "./index.ts";
import { ledgerOf } from "./ledger.fixture.ts";

const database = freshDatabase({ connections: 16 });
afterEach(() => expectBalancedBooks(database.db));

let holds = 0;
const aHold = (accountId: string, amount: number) => ({
  holdId: `hold-${++holds}`,
  accountId,
  amount,
  requestHash: "same",
});

const { settle, endGrant, buckets, owe } = ledgerOf(database);

const linesOf = async (holdId: string) =>
  (await Credits.entries(database.db, { holdIds: [holdId] })).map(({ kind, grant, amount }) => [
    kind,
    grant,
    amount,
  ]);

describe("reserve", () => {
  test("L7: of thirty requests at once for the same ten credits, ten get one and the others are denied", async () => {
    const accountId = await anAccount(database.db, 10);
    const answers = await Promise.all(
      Array.from({ length: 30 }, () => Credits.reserve(database.db, aHold(accountId, 1))),
    );
    expect(answers.filter((answer) => answer === "held")).toHaveLength(10);
    expect(answers.filter((answer) => answer === "denied")).toHaveLength(20);
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 0, held: 10 });
  });

  test("L5: repeated thirty times at once, one hold takes its credits once and is answered the same", async () => {
    const accountId = await anAccount(database.db, 10);
    const hold = aHold(accountId, 4);
    const answers = await Promise.all(Array.from({ length: 30 }, () => Credits.reserve(database.db, hold)));
    expect(new Set(answers)).toEqual(new Set(["held"]));
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 6, held: 4 });
  });

  test.for([
    ["amount", { amount: 3 }],
    ["content", { requestHash: "other" }],
    ["account", { accountId: "another's" }],
  ] as const)("L5: the same hold with another %s is a conflict and moves nothing", async ([what, change]) => {
    const accountId = await anAccount(database.db, 10);
    const other = what === "account" ? { accountId: await anAccount(database.db, 10) } : change;
    const hold = aHold(accountId, 2);
    await Credits.reserve(database.db, hold);
    expect(await Credits.reserve(database.db, { ...hold, ...other })).toBe("conflict");
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 8, held: 2 });
  });

  test("L6: a denied hold stays denied after credits were added", async () => {
    const accountId = await anAccount(database.db, 1);
    const hold = aHold(accountId, 2);
    expect(await Credits.reserve(database.db, hold)).toBe("denied");
    await aGrant(database.db, accountId, { amount: 10 });
    expect(await Credits.reserve(database.db, hold)).toBe("denied");
    expect(await Credits.reserve(database.db, aHold(accountId, 2))).toBe("held");
  });

  test("L8: credits are spent by priority, then soonest expiry, then promotion before payment, then age", async () => {
    const accountId = await anAccount(database.db, 0);
    const give = (facts: object) => aGrant(database.db, accountId, { amount: 1, ...facts });
    const day = 86_400;
    const paid = await give({ category: "paid" });
    const older = await give({});
    const newer = await give({});
    const week = await give({ validSeconds: 7 * day, category: "paid" });
    const soon = await give({ validSeconds: day, category: "paid" });
    const first = await give({ priority: 1, category: "paid" });
    const last = await give({ priority: 90, validSeconds: 60 });

    const hold = aHold(accountId, 7);
    await Credits.reserve(database.db, hold);
    expect((await linesOf(hold.holdId)).map(([, grant]) => grant)).toEqual([
      first,
      soon,
      week,
      older,
      newer,
      paid,
      last,
    ]);
  });

  test("L9: neither a grant that has expired nor one that is not yet effective can pay, whatever clock the caller has", async () => {
    const accountId = await anAccount(database.db, 0);
    const over = await aGrant(database.db, accountId, { amount: 5, validSeconds: 3600 });
    await endGrant(over);
    const future = await aGrant(database.db, accountId, { amount: 5 });
    await database.owner`update credit_grant set effective_at = now() + interval '1 minute' where id = ${future}`;
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 0, grants: [] });
    expect(await Credits.reserve(database.db, aHold(accountId, 1))).toBe("denied");
  });

  test("L18: what an account owes is not available to it", async () => {
    const accountId = await anAccount(database.db, 10);
    await owe(accountId, 7);
    expect(await Credits.reserve(database.db, aHold(accountId, 4))).toBe("denied");
    expect(await Credits.reserve(database.db, aHold(accountId, 3))).toBe("held");
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 0, held: 3, debt: 7 });
  });

  test("a hold bound to a grant is paid by it alone, and what comes back to it is revoked (rule 12)", async () => {
    const accountId = await anAccount(database.db, 10);
    const goodwill = await aGrant(database.db, accountId, { amount: 4 });
    expect(await Credits.reserve(database.db, { ...aHold(accountId, 5), grantId: goodwill })).toBe("denied");
    const hold = { ...aHold(accountId, 4), grantId: goodwill };
    expect(await Credits.reserve(database.db, hold)).toBe("held");
    await settle(hold.holdId, accountId, 1);
    expect(await buckets(goodwill)).toEqual({ remaining: 0, held: 0, consumed: 1, expired: 0, revoked: 3 });
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 10 });
  });
});

describe("settle", () => {
  test("L4: sixteen callers who commit, refund and expire one hold at once are all answered its one end", async () => {
    const accountId = await anAccount(database.db, 10);
    const hold = aHold(accountId, 6);
    await Credits.reserve(database.db, hold);
    const ends = [6, 3, 0, 0].flatMap((charge) => [charge, charge, charge, charge]);
    const answers = await Promise.all(
      ends.map((charge, i) => settle(hold.holdId, accountId, charge, i % 2 ? "expired" : "refunded")),
    );
    expect(new Set(answers).size).toBe(1);
    expect(["committed", "refunded", "expired"]).toContain(answers[0]);
    expect(await Credits.reserve(database.db, hold)).toBe(answers[0]);
  });

  test("L10 L12: of a hold over three grants the first lines pay, and each gets its own rest back, the last in full", async () => {
    const accountId = await anAccount(database.db, 0);
    const [a, b, c] = [
      await aGrant(database.db, accountId, { amount: 3 }),
      await aGrant(database.db, accountId, { amount: 3 }),
      await aGrant(database.db, accountId, { amount: 3 }),
    ];
    const hold = aHold(accountId, 8);
    await Credits.reserve(database.db, hold);
    // It would be picked first now, and gets nothing: credits return where they came from.
    const late = await aGrant(database.db, accountId, { amount: 1, priority: 0 });
    expect(await settle(hold.holdId, accountId, 4)).toBe("committed");
    expect(await linesOf(hold.holdId)).toEqual([
      ["reserve", a, 3],
      ["reserve", b, 3],
      ["reserve", c, 2],
      ["commit", a, 3],
      ["commit", b, 1],
      ["refund", b, 2],
      ["refund", c, 2],
    ]);
    expect(await buckets(late)).toMatchObject({ remaining: 1, held: 0 });
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 6, held: 0 });
  });

  test("L12: more than the hold is never taken", async () => {
    const accountId = await anAccount(database.db, 10);
    const hold = aHold(accountId, 2);
    await Credits.reserve(database.db, hold);
    await expect(settle(hold.holdId, accountId, 3)).rejects.toThrow("L12");
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 8, held: 2 });
  });

  test("L13: what is held can be committed by an account that has nothing left and owes more", async () => {
    const accountId = await anAccount(database.db, 5);
    const hold = aHold(accountId, 5);
    await Credits.reserve(database.db, hold);
    await owe(accountId, 50);
    expect(await settle(hold.holdId, accountId, 5)).toBe("committed");
  });

  test("L16: a commit after the hold has expired moves nothing and says so", async () => {
    const accountId = await anAccount(database.db, 5);
    const hold = aHold(accountId, 5);
    await Credits.reserve(database.db, hold);
    expect(await settle(hold.holdId, accountId, 0, "expired")).toBe("expired");
    const before = await linesOf(hold.holdId);
    expect(await settle(hold.holdId, accountId, 5)).toBe("expired");
    expect(await linesOf(hold.holdId)).toEqual(before);
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 5, held: 0 });
  });

  test("L4: a reserve that arrives after its refund is turned away by the tombstone (rule 4)", async () => {
    const accountId = await anAccount(database.db, 5);
    const hold = aHold(accountId, 5);
    expect(await settle(hold.holdId, accountId, 0)).toBe("refunded");
    expect(await Credits.reserve(database.db, hold)).toBe("refunded");
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 5, held: 0 });
  });
});

describe("expiry", () => {
  test("L9 L11: what is left of an expired grant goes, what is held of it can still be committed", async () => {
    const accountId = await anAccount(database.db, 0);
    const grantId = await aGrant(database.db, accountId, { amount: 10, validSeconds: 3600 });
    const hold = aHold(accountId, 4);
    await Credits.reserve(database.db, hold);
    await Credits.expireDue(database.db, 100); // what other tests left
    await endGrant(grantId);
    expect(await Credits.expireDue(database.db, 100)).toBe(1);
    expect(await Credits.expireDue(database.db, 100)).toBe(0);
    expect(await buckets(grantId)).toEqual({ remaining: 0, held: 4, consumed: 0, expired: 6, revoked: 0 });
    expect(await settle(hold.holdId, accountId, 4)).toBe("committed");
  });

  test("L11: credits that come back to an expired grant are given anew for a week, once", async () => {
    const accountId = await anAccount(database.db, 0);
    const grantId = await aGrant(database.db, accountId, { amount: 10, validSeconds: 3600 });
    const hold = aHold(accountId, 4);
    await Credits.reserve(database.db, hold);
    await endGrant(grantId);
    await settle(hold.holdId, accountId, 1);
    await settle(hold.holdId, accountId, 1);
    await Credits.expireDue(database.db, 100);
    expect(await buckets(grantId)).toEqual({ remaining: 0, held: 0, consumed: 1, expired: 9, revoked: 0 });
    const { available, grants } = await Credits.balance(database.db, accountId);
    expect(available).toBe(3);
    const [week] = await database.owner`
      select round(extract(epoch from expires_at - created_at) / 86400) as days from credit_grant where id = ${grants[0]?.id ?? ""}`;
    expect(Number(week?.days)).toBe(7);
  });
});

describe("grant", () => {
  test("L20: one payment told five times at once gives its credits once", async () => {
    const accountId = await anAccount(database.db, 0);
    const given = {
      accountId,
      source: "stripe",
      sourceRef: `pi_${accountId}`,
      category: "paid" as const,
      amount: 100,
    };
    const answers = await Promise.all(Array.from({ length: 5 }, () => Credits.grant(database.db, given)));
    expect(answers.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(answers.map(({ grantId }) => grantId)).size).toBe(1);
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 100 });
  });

  test("an account that was never opened has nothing, and cannot be given anything by mistake", async () => {
    expect(await Credits.balance(database.db, "acc_nobody")).toEqual({
      available: 0,
      held: 0,
      debt: 0,
      grants: [],
    });
    await expect(aGrant(database.db, "acc_nobody")).rejects.toThrow();
  });
});
