import { aGrant, anAccount, aRecordedImage, aRunAtWork } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import type { TransactionSql } from "postgres";
import { describe, expect, test } from "vitest";
import { Runs } from "../runs/index.ts";
import { Credits } from "./index.ts";

/**
 * The audit is what the operators' alarm and every other test trust. It must see what the schema forbids as well, since
 * a migration or a person with a console can get around that: each corruption is planted without constraints and
 * triggers, looked at, and rolled back.
 */
const database = freshDatabase();

class Seen extends Error {
  readonly findings: string[];
  constructor(findings: string[]) {
    super("rolled back");
    this.findings = findings;
  }
}

/** The invariants that the audit says are broken once `plant` has done its work, and none before and after. */
async function foundAfter(plant: (sql: TransactionSql) => Promise<unknown>): Promise<string[]> {
  const seen = await database.owner
    .begin(async (sql) => {
      for (const table of [
        "credit_grant",
        "credit_hold",
        "credit_transfer",
        "credit_account",
        "credit_claim",
      ])
        await sql.unsafe(`alter table ${table} disable trigger user`);
      await sql`alter table credit_grant drop constraint "L1", drop constraint credit_grant_held_check`;
      await sql`alter table credit_hold drop constraint "L12", drop constraint resolved_when_terminal`;
      await sql`alter table credit_account drop constraint credit_account_debt_check`;
      await sql`drop index credit_transfer_line`;
      await plant(sql);
      const rows = await sql<{ invariant: string }[]>`
        select invariant from credit_audit() union all select invariant from run_audit() order by 1`;
      throw new Seen(rows.map(({ invariant }) => invariant));
    })
    .catch((error: unknown) => error);
  if (!(seen instanceof Seen)) throw seen;
  expect(await Credits.audit(database.db)).toEqual([]);
  return [...new Set(seen.findings)];
}

/** Ten credits over two grants, of which a hold took five of one and one of the other. */
async function someBooks() {
  const accountId = await anAccount(database.db, 0);
  const [first, second] = [
    await aGrant(database.db, accountId, { amount: 5 }),
    await aGrant(database.db, accountId, { amount: 5 }),
  ];
  const holdId = `hold-${accountId}`;
  await Credits.reserve(database.db, { holdId, accountId, amount: 6, requestHash: "same" });
  return { accountId, first, second, holdId };
}

describe("the audit finds", () => {
  test("L1: a grant whose parts are not its whole, and one that has less than nothing", async () => {
    const { first } = await someBooks();
    expect(
      await foundAfter((sql) => sql`update credit_grant set expired = expired + 1 where id = ${first}`),
    ).toContain("L1");
    expect(
      await foundAfter(
        (sql) => sql`update credit_grant set held = -1, remaining = amount + 1 where id = ${first}`,
      ),
    ).toContain("L1");
    expect(
      await foundAfter((sql) => sql`update credit_grant set revoke_pending = held + 1 where id = ${first}`),
    ).toContain("L1");
  });

  test("L2: a grant that is not what the journal leads to, though its parts add up", async () => {
    const { second } = await someBooks();
    const moved = (sql: TransactionSql) =>
      sql`update credit_grant set remaining = remaining - 1, consumed = consumed + 1 where id = ${second}`;
    expect(await foundAfter(moved)).toEqual(["L2"]);
  });

  test("L2: a row of the journal that is gone, and one whose credits nobody moved", async () => {
    const { first, accountId } = await someBooks();
    expect(
      await foundAfter(
        (sql) => sql`delete from credit_transfer where grant_id = ${first} and kind = 'grant'`,
      ),
    ).toEqual(["L2", "L3"]);
    expect(
      await foundAfter(
        (
          sql,
        ) => sql`insert into credit_transfer (account_id, grant_id, kind, from_bucket, to_bucket, amount, chain)
          values (${accountId}, ${first}, 'grant', 'outside', 'remaining', 1, '')`,
      ),
    ).toEqual(["L2", "L3"]);
  });

  test("L3: a row that moves one account's credits in another's name, or for another's hold", async () => {
    const [{ first, holdId }, { accountId }] = [await someBooks(), await someBooks()];
    expect(
      await foundAfter(
        (sql) =>
          sql`update credit_transfer set account_id = ${accountId} where grant_id = ${first} and kind = 'grant'`,
      ),
    ).toEqual(["L3"]);
    expect(
      await foundAfter((sql) => sql`update credit_hold set account_id = ${accountId} where id = ${holdId}`),
    ).toEqual(["L3"]);
  });

  test("L4: a hold that says other than the journal does of what it took and gave back", async () => {
    const { holdId } = await someBooks();
    const committed = (sql: TransactionSql) => sql`
      update credit_hold set state = 'committed', charged = 6, resolved_at = now(), resolved_by = 'test'
      where id = ${holdId}`;
    expect(await foundAfter(committed)).toEqual(["L10", "L4"]);
    expect(await foundAfter((sql) => sql`update credit_hold set amount = 7 where id = ${holdId}`)).toEqual([
      "L4",
    ]);
  });

  test("L4: a run and its hold of which only one has ended", async () => {
    const { runId } = await aRunAtWork(database.db);
    const settled = (sql: TransactionSql) => sql`
      update run set settled_at = now(), settled_by = 'test', outcome = 'failed', recorded = 0, charged = 0, returned = 0
      where id = ${runId}`;
    expect(await foundAfter(settled)).toContain("L4");
  });

  test("L10: credits that came back to another grant than they were taken from", async () => {
    const { holdId, accountId, first, second } = await someBooks();
    await database.owner`select credit_settle(${holdId}, ${accountId}, 0, 'refunded', 'test')`;
    const swapped = (sql: TransactionSql) => sql`
      update credit_transfer set grant_id = case grant_id when ${first} then ${second} else ${first} end
      where hold_id = ${holdId} and kind = 'refund'`;
    expect(await foundAfter(swapped)).toEqual(["L10", "L2", "L3"]);
  });

  test("L14: a hold that nobody settled when its time was over, a run that nobody started for a day", async () => {
    const { holdId } = await someBooks();
    expect(
      await foundAfter(
        (sql) => sql`update credit_hold set expires_at = now() - interval '20 minutes' where id = ${holdId}`,
      ),
    ).toEqual(["L14"]);
    const { runId } = await aRunAtWork(database.db);
    expect(
      await foundAfter(
        (sql) =>
          sql`update run set dispatched_at = null, created_at = now() - interval '26 hours' where id = ${runId}`,
      ),
    ).toEqual(["L14"]);
  });

  test("L18: an account that owes other than the journal says, and one that owes less than nothing", async () => {
    const { accountId } = await someBooks();
    for (const debt of [-1, 1])
      expect(
        await foundAfter(
          (sql) => sql`update credit_account set debt = ${debt} where account_id = ${accountId}`,
        ),
      ).toEqual(["L18"]);
  });

  test("L11: credits that came back to an expired grant and were not given anew", async () => {
    const { holdId, accountId, first } = await someBooks();
    await database.owner`update credit_grant set expires_at = now() - interval '1 second' where id = ${first}`;
    await database.owner`select credit_settle(${holdId}, ${accountId}, 0, 'refunded', 'test')`;
    const lost = (sql: TransactionSql) => sql`
      update credit_grant set source = 'other' where source = 'goodwill' and account_id = ${accountId}`;
    expect(await foundAfter(lost)).toEqual(["L11"]);
  });

  test("L19 L24: an event that says it took other than the journal says", async () => {
    const { accountId } = await someBooks();
    const payment = { source: "stripe", sourceRef: accountId };
    await aGrant(database.db, accountId, { ...payment, amount: 5 });
    const [claw, adjusted] = [`claw-${accountId}`, `adjust-${accountId}`];
    await Credits.clawback(database.db, { ...payment, cumulative: 3, eventId: claw });
    const why = { actor: "operator", reason: "test", eventId: adjusted };
    await Credits.adjust(database.db, { accountId, amount: -2, ...why });
    for (const [event, invariant] of [
      [claw, "L19"],
      [adjusted, "L24"],
    ])
      expect(
        await foundAfter(
          (sql) => sql`update credit_claim set from_remaining = 1 where event_id = ${event ?? ""}`,
        ),
      ).toEqual([invariant]);
  });

  test("W2: an image that was charged and is not there, and one that is there and was not charged", async () => {
    const work = await aRunAtWork(database.db, { count: 2 });
    for (const image of [0, 1]) await aRecordedImage(database.db, work.runId, image);
    await Runs.settle(database.db, work.runId, "CommitCredits");
    expect(
      await foundAfter((sql) => sql`delete from generation_image where run_id = ${work.runId} and image = 1`),
    ).toEqual(["W2"]);
    const cheaper = (sql: TransactionSql) =>
      sql`update run set recorded = 1, charged = 4, returned = 4 where id = ${work.runId}`;
    expect(await foundAfter(cheaper)).toEqual(["W2"]);
  });
});
