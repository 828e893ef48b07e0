import { randomUUID } from "node:crypto";
import { aGrant, anAccount, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, describe, expect, test } from "vitest";
import { Credits } from "./index.ts";
import { ledgerOf } from "./ledger.fixture.ts";

/** Refunds and disputes: L19, its debt (L18), promise B3. The six incidents are those that ledger.md lists. */
const database = freshDatabase({ connections: 16 });
const { settle, endGrant, buckets, aPayment, hold, use } = ledgerOf(database);
afterEach(() => expectBalancedBooks(database.db));

const anEvent = () => `evt_${randomUUID()}`;

/** An account that paid for credits and used some of them. */
async function aCustomer(bought: number, used = 0, facts: object = {}) {
  const accountId = await anAccount(database.db, 0);
  const { grantId, ...payment } = await aPayment(accountId, bought, facts);
  if (used > 0) await use(accountId, grantId, used);
  const clawback = (cumulative: number, eventId = anEvent()) =>
    Credits.clawback(database.db, { ...payment, cumulative, eventId });
  const unspent = (limit?: number, eventId = anEvent()) =>
    Credits.refundUnspent(database.db, { ...payment, eventId, ...(limit === undefined ? {} : { limit }) });
  const reinstate = (claimId: string, facts: { limit?: number; eventId?: string } = {}) =>
    Credits.reinstate(database.db, { claimId, eventId: anEvent(), ...facts });
  const balance = () => Credits.balance(database.db, accountId);
  return { accountId, grantId, payment, clawback, unspent, reinstate, balance };
}

describe("L19: six incidents of elizaOS", () => {
  test("#10920: a payment that was given back leaves no credits to spend", async () => {
    const { clawback, balance } = await aCustomer(1_000, 50);
    expect(await clawback(1_000)).toMatchObject({ credits: 1_000, unspent: 950, owed: 50 });
    expect(await balance()).toMatchObject({ available: 0, debt: 50 });
  });

  test("#10938: what was used is owed, no bucket is below nothing, and later grants pay it first (L18)", async () => {
    const { accountId, grantId, clawback, balance } = await aCustomer(10, 4);
    await clawback(10);
    expect(await buckets(grantId)).toEqual({ remaining: 0, held: 0, consumed: 0, expired: 0, revoked: 10 });
    expect(await balance()).toMatchObject({ available: 0, debt: 4 });
    const next = await aGrant(database.db, accountId, { amount: 10 });
    expect(await buckets(next)).toMatchObject({ remaining: 6, consumed: 4 });
    expect(await balance()).toMatchObject({ available: 6, debt: 0 });
  });

  test("#10997: money that was withdrawn for a dispute is not lost: won, the credits are back", async () => {
    const { clawback, reinstate, balance } = await aCustomer(100, 30);
    await clawback(100, "dispute-10997-withdrawn");
    expect(await balance()).toMatchObject({ available: 0, debt: 30 });
    const won = { eventId: "dispute-10997-reinstated" };
    expect(await reinstate("dispute-10997-withdrawn", won)).toMatchObject({ credits: 100 });
    expect(await reinstate("dispute-10997-withdrawn", won)).toMatchObject({ credits: 100 });
    expect(await balance()).toMatchObject({ available: 70, debt: 0 });
  });

  test("#11017: gross amounts above the grant take no more than the grant", async () => {
    const { accountId, clawback, balance } = await aCustomer(10);
    await aGrant(database.db, accountId, { amount: 5 });
    expect(await clawback(12)).toMatchObject({ credits: 10 });
    expect(await clawback(20)).toMatchObject({ credits: 0 });
    expect(await balance()).toMatchObject({ available: 5, debt: 0 });
  });

  test("#11155: after a dispute was won, a refund of the same payment takes all that it is for", async () => {
    const { clawback, reinstate, balance } = await aCustomer(100);
    const dispute = anEvent();
    await clawback(10, dispute);
    expect(await reinstate(dispute, { limit: 4 })).toMatchObject({ credits: 4 });
    expect(await clawback(10)).toMatchObject({ credits: 4 });
    expect(await balance()).toMatchObject({ available: 90 });
    expect(await reinstate(dispute)).toMatchObject({ credits: 6 });
    expect(await clawback(100)).toMatchObject({ credits: 96 });
    expect(await balance()).toMatchObject({ available: 0, debt: 0 });
  });

  test("#31449: what comes back is what was taken, in credits: no amount of money is named", async () => {
    const { clawback, reinstate, balance } = await aCustomer(500); // for 10 dollars
    const dispute = anEvent();
    await clawback(500, dispute);
    expect(await reinstate(dispute)).toMatchObject({ credits: 500 });
    expect(await balance()).toMatchObject({ available: 500 });
  });
});

describe("clawback", () => {
  test("L19: amounts are cumulative, so events that come twice, late or never lead to the same books", async () => {
    const { clawback, balance } = await aCustomer(100);
    expect(await clawback(30, "evt-cumulative")).toMatchObject({ credits: 30 });
    expect(await clawback(70)).toMatchObject({ credits: 40 });
    expect(await clawback(50)).toMatchObject({ credits: 0 });
    expect(await clawback(30, "evt-cumulative")).toMatchObject({ credits: 30 });
    expect(await balance()).toMatchObject({ available: 30 });
  });

  test("L19: one event told ten times at once takes once, and every caller is told the same", async () => {
    const { clawback, balance } = await aCustomer(100, 40);
    const event = anEvent();
    const answers = await Promise.all(Array.from({ length: 10 }, () => clawback(80, event)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await balance()).toMatchObject({ available: 0, debt: 20 });
  });

  test("L5: an event that comes again for another amount, payment or purpose is refused and moves nothing", async () => {
    const [one, other] = [await aCustomer(100), await aCustomer(100)];
    const event = anEvent();
    await one.clawback(10, event);
    for (const again of [
      () => one.clawback(11, event),
      () => other.clawback(10, event),
      () => one.unspent(10, event),
    ])
      await expect(again()).rejects.toThrow();
    await expect(one.reinstate(event, { eventId: event })).rejects.toThrow();
    expect(await one.balance()).toMatchObject({ available: 90 });
    expect(await other.balance()).toMatchObject({ available: 100 });
  });

  test("L19: what is held is taken once it comes back, and owed once it is used, hold by hold", async () => {
    const { accountId, grantId, clawback, balance } = await aCustomer(10);
    const holds = [5, 5].map((amount, i) => ({
      holdId: `${accountId}-${i}`,
      accountId,
      amount,
      requestHash: "",
    }));
    for (const held of holds) await Credits.reserve(database.db, held);
    expect(await clawback(10)).toMatchObject({ credits: 10, held: 10 });
    expect(await balance()).toMatchObject({ held: 10, debt: 0 });
    await settle(`${accountId}-0`, accountId, 5); // L13: it could be committed all the same
    expect(await balance()).toMatchObject({ held: 5, debt: 5 });
    await expectBalancedBooks(database.db);
    await settle(`${accountId}-1`, accountId, 1);
    expect(await balance()).toMatchObject({ available: 0, held: 0, debt: 6 });
    expect(await buckets(grantId)).toEqual({ remaining: 0, held: 0, consumed: 0, expired: 0, revoked: 10 });
  });

  test("L19: what waits for a hold is not claimed a second time: the next claim is of what was used", async () => {
    const { accountId, grantId, clawback, balance } = await aCustomer(10, 4);
    const holdId = await hold(accountId, grantId, 6);
    expect(await clawback(6)).toMatchObject({ held: 6, owed: 0 });
    expect(await clawback(10)).toMatchObject({ held: 0, owed: 4 });
    await settle(holdId, accountId, 0);
    expect(await balance()).toMatchObject({ available: 0, held: 0, debt: 4 });
  });

  test("L11 L19: of what returns to an expired grant the clawback has its part first, the rest is given anew", async () => {
    const { accountId, grantId, clawback, balance } = await aCustomer(10, 0, { validSeconds: 60 });
    const holdId = `${accountId}-1`;
    await Credits.reserve(database.db, { holdId, accountId, amount: 10, requestHash: "" });
    await clawback(4);
    await endGrant(grantId);
    await settle(holdId, accountId, 0);
    expect(await buckets(grantId)).toEqual({ remaining: 0, held: 0, consumed: 0, expired: 6, revoked: 4 });
    expect(await balance()).toMatchObject({ available: 6, debt: 0 });
  });

  test("L18: what had expired unused is taken before what was used: it is not owed", async () => {
    const { grantId, clawback, balance } = await aCustomer(10, 3, { validSeconds: 60 });
    await endGrant(grantId);
    expect(await clawback(8)).toMatchObject({ unspent: 0, expired: 7, owed: 1 });
    expect(await balance()).toMatchObject({ available: 0, debt: 1 });
  });

  test("L20: a refund that comes before its payment is answered nothing, and acts when it is told again", async () => {
    const payment = { source: "stripe", sourceRef: `pi_${randomUUID()}` };
    const refund = { ...payment, cumulative: 5, eventId: anEvent() };
    expect(await Credits.clawback(database.db, refund)).toBeNull();
    const accountId = await anAccount(database.db, 0);
    await aGrant(database.db, accountId, { ...payment, amount: 5 });
    expect(await Credits.clawback(database.db, refund)).toMatchObject({ credits: 5 });
  });
});

describe("reinstatement", () => {
  test("L19: it gives back no more than its claim took, however often and from wherever it is told", async () => {
    const { clawback, reinstate, balance } = await aCustomer(100);
    const [refund, dispute] = [anEvent(), anEvent()];
    await clawback(40, refund);
    await clawback(100, dispute);
    const answers = await Promise.all([50, 50, 50].map((limit) => reinstate(dispute, { limit })));
    expect(answers.map((answer) => answer?.credits).toSorted()).toEqual([0, 10, 50]);
    expect(await balance()).toMatchObject({ available: 60 });
    expect(await reinstate("evt-that-never-was")).toBeNull();
  });

  test("L19: what still waits for a hold waits no more", async () => {
    const { accountId, grantId, clawback, reinstate, balance } = await aCustomer(10);
    const holdId = await hold(accountId, grantId, 6);
    const dispute = anEvent();
    expect(await clawback(10, dispute)).toMatchObject({ unspent: 4, held: 6 });
    expect(await reinstate(dispute)).toMatchObject({ credits: 10, held: 6, unspent: 4 });
    await settle(holdId, accountId, 6);
    expect(await balance()).toMatchObject({ available: 4, debt: 0 });
  });

  test("L18: where the debt was paid by another grant meanwhile, the credits come back to be spent", async () => {
    const { accountId, clawback, reinstate, balance } = await aCustomer(10, 10);
    const dispute = anEvent();
    await clawback(10, dispute);
    await aGrant(database.db, accountId, { amount: 4 });
    expect(await balance()).toMatchObject({ available: 0, debt: 6 });
    await reinstate(dispute);
    expect(await balance()).toMatchObject({ available: 4, debt: 0 });
  });

  test("L11: what a won dispute gives back to a grant that expired meanwhile is given anew, what had expired before is not", async () => {
    const { grantId, clawback, reinstate, balance } = await aCustomer(10, 2, { validSeconds: 60 });
    const [dispute, refund] = [anEvent(), anEvent()];
    await clawback(5, dispute);
    await endGrant(grantId);
    await clawback(10, refund);
    // Of ten, two pay what was used of them, five could be spent when they were taken; three come back last, as expired.
    expect(await reinstate(refund)).toMatchObject({ credits: 5, expired: 0 });
    expect(await reinstate(dispute)).toMatchObject({ credits: 5, expired: 3 });
    expect(await buckets(grantId)).toEqual({ remaining: 0, held: 0, consumed: 2, expired: 8, revoked: 0 });
    expect(await balance()).toMatchObject({ available: 5, debt: 0 });
  });
});

describe("a voluntary refund", () => {
  test("L18: takes what is left of that purchase, not what is held or used, and not of others (B3, B5)", async () => {
    const { accountId, grantId, unspent, balance } = await aCustomer(100, 30);
    await aGrant(database.db, accountId, { amount: 5 });
    const holdId = await hold(accountId, grantId, 20);
    const event = anEvent();
    expect(await unspent(undefined, event)).toMatchObject({ credits: 50, unspent: 50, held: 0, owed: 0 });
    expect(await unspent(undefined, event)).toMatchObject({ credits: 50 });
    expect(await balance()).toMatchObject({ available: 5, held: 20, debt: 0 });
    await settle(holdId, accountId, 20);
    expect(await balance()).toMatchObject({ available: 5, held: 0, debt: 0 });
  });

  test("L19: the payment provider's event about it, which comes later, takes nothing more", async () => {
    const { unspent, clawback, balance } = await aCustomer(100, 30);
    expect(await unspent(60)).toMatchObject({ credits: 60 });
    expect(await clawback(60)).toMatchObject({ credits: 0 });
    expect(await balance()).toMatchObject({ available: 10, debt: 0 });
  });

  test("L19: a dispute freezes what is left; won, it thaws, and lost, what was used is owed (B3)", async () => {
    const { unspent, reinstate, clawback, balance } = await aCustomer(100, 30);
    const [first, second] = [anEvent(), anEvent()];
    await unspent(undefined, first);
    expect(await balance()).toMatchObject({ available: 0, debt: 0 });
    await reinstate(first);
    expect(await balance()).toMatchObject({ available: 70, debt: 0 });
    await unspent(undefined, second);
    await clawback(100);
    expect(await balance()).toMatchObject({ available: 0, debt: 30 });
  });
});
