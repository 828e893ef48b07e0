import { aGrant, anAccount, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, describe, expect, test } from "vitest";
import { Credits } from "./index.ts";

/** What nobody can do, whatever bug our code has: the schema itself refuses it, to its owner too. */
const database = freshDatabase();
afterEach(() => expectBalancedBooks(database.db));

/** An account of ten credits, four of them held. */
async function someBooks() {
  const accountId = await anAccount(database.db, 0);
  const grantId = await aGrant(database.db, accountId, { amount: 10 });
  const holdId = `hold-${accountId}`;
  await Credits.reserve(database.db, { holdId, accountId, amount: 4, requestHash: "same" });
  return { accountId, grantId, holdId };
}
type Books = Awaited<ReturnType<typeof someBooks>>;

const resolve = ({ holdId, accountId }: Books) =>
  database.owner`select credit_settle(${holdId}, ${accountId}, 3, 'refunded', 'test')`;

const transfer = ({ accountId, grantId, holdId }: Books, facts: object) => database.owner`
  insert into credit_transfer ${database.owner({
    account_id: accountId,
    grant_id: grantId,
    hold_id: holdId,
    kind: "refund",
    from_bucket: "held",
    to_bucket: "remaining",
    amount: 1,
    ...facts,
  })}`;

describe("the journal", () => {
  test.each<[string, (books: Books) => PromiseLike<unknown>]>([
    [
      "changed",
      ({ grantId }) => database.owner`update credit_transfer set amount = 1 where grant_id = ${grantId}`,
    ],
    ["deleted", ({ grantId }) => database.owner`delete from credit_transfer where grant_id = ${grantId}`],
    ["emptied", () => database.owner`truncate credit_transfer cascade`],
  ])("L3: a row that was written is never %s", async (_, act) => {
    const books = await someBooks();
    await expect(act(books)).rejects.toThrow("L3: the journal is append-only");
  });

  test.each<[string, object, string]>([
    ["of nothing", { amount: 0 }, "credit_transfer_amount_check"],
    ["backwards", { amount: -1 }, "credit_transfer_amount_check"],
    ["from a bucket to itself", { to_bucket: "held" }, "L3"],
    ["between buckets that its kind does not name", { kind: "commit" }, "L3"],
    ["out of what was used", { from_bucket: "consumed" }, "L3"],
    ["of a kind that there is not", { kind: "gift" }, "L3"],
  ])("L3: no row moves credits %s", async (_, facts, constraint) => {
    await expect(transfer(await someBooks(), facts)).rejects.toMatchObject({ constraint_name: constraint });
  });

  test("L3: no row moves credits of another account's grant", async () => {
    const [books, other] = [await someBooks(), await someBooks()];
    await expect(transfer(books, { grant_id: other.grantId })).rejects.toThrow(`L3: grant ${other.grantId}`);
  });

  test("L4: a hold moves once each way in a grant, even by a row that a bug writes", async () => {
    const books = await someBooks();
    await resolve(books);
    await expect(transfer(books, {})).rejects.toMatchObject({ constraint_name: "credit_transfer_line" });
  });
});

describe("a grant", () => {
  test("L24: its buckets are moved by the journal alone", async () => {
    const { grantId } = await someBooks();
    for (const bucket of ["amount", "remaining", "held", "consumed", "expired", "revoked"])
      await expect(
        database.owner`update credit_grant set ${database.owner(bucket)} = 5 where id = ${grantId}`,
      ).rejects.toThrow("L24: buckets are moved by the journal alone");
    const filled = {
      id: "grt_x",
      source: "test",
      source_ref: "x",
      category: "promo",
      amount: 5,
      remaining: 5,
    };
    const { accountId } = await someBooks();
    await expect(
      database.owner`insert into credit_grant ${database.owner({ account_id: accountId, ...filled })}`,
    ).rejects.toThrow("L24: a grant is filled by the journal alone");
  });

  test("L1: a movement that would leave a bucket below nothing, or the sum wrong, is refused whole", async () => {
    const books = await someBooks();
    await expect(transfer(books, { amount: 5 })).rejects.toMatchObject({
      constraint_name: "credit_grant_held_check",
    });
    await expect(
      transfer(books, {
        kind: "expire",
        from_bucket: "remaining",
        to_bucket: "expired",
        amount: 7,
        hold_id: null,
      }),
    ).rejects.toMatchObject({ constraint_name: "credit_grant_remaining_check" });
    await expect(
      database.owner.begin(async (sql) => {
        await sql`alter table credit_grant disable trigger credit_grant_by_journal_alone`;
        await sql`update credit_grant set consumed = consumed + 1 where id = ${books.grantId}`;
      }),
    ).rejects.toMatchObject({ constraint_name: "L1" });
  });

  test("L3: it stays, and so do holds: what is money's evidence is not deleted", async () => {
    const { grantId, holdId } = await someBooks();
    await expect(database.owner`delete from credit_grant where id = ${grantId}`).rejects.toThrow("L3");
    await expect(database.owner`delete from credit_hold where id = ${holdId}`).rejects.toThrow("L3");
  });
});

describe("what an event did, and debt", () => {
  test("L3 L24: are not changed afterwards, nor written without the journal", async () => {
    const { accountId } = await someBooks();
    const eventId = `event-${accountId}`;
    await Credits.adjust(database.db, { accountId, amount: -1, actor: "operator", reason: "test", eventId });
    const sql = database.owner;
    await expect(sql`update credit_claim set from_remaining = 0 where event_id = ${eventId}`).rejects.toThrow(
      "L3",
    );
    await expect(sql`delete from credit_claim where event_id = ${eventId}`).rejects.toThrow("L3");
    await expect(sql`update credit_account set debt = 5 where account_id = ${accountId}`).rejects.toThrow(
      "L24",
    );
    await expect(sql`insert into credit_account (account_id, debt) values ('acc_x', 5)`).rejects.toThrow(
      "L24",
    );
  });

  test("L24: an adjustment's row says who and why", async () => {
    const books = await someBooks();
    const adjusted = { kind: "adjust", from_bucket: "remaining", to_bucket: "revoked", hold_id: null };
    for (const who of [
      {},
      { actor: "operator" },
      { actor: "", meta: { reason: "test" } },
      { meta: { reason: "" } },
    ])
      await expect(transfer(books, { ...adjusted, ...who })).rejects.toMatchObject({
        constraint_name: "L24",
      });
  });
});

describe("a hold", () => {
  test("L4: one that was resolved never changes", async () => {
    const books = await someBooks();
    await resolve(books);
    for (const again of [
      { state: "held", resolved_at: null },
      { charged: 4, returned: 0 },
    ])
      await expect(
        database.owner`update credit_hold set ${database.owner(again)} where id = ${books.holdId}`,
      ).rejects.toThrow("L4: a resolved hold never changes");
  });

  test("L5: what it was made for never changes", async () => {
    const { holdId, accountId } = await someBooks();
    for (const other of [{ amount: 3 }, { request_hash: "other" }, { id: `${accountId}-2` }])
      await expect(
        database.owner`update credit_hold set ${database.owner(other)} where id = ${holdId}`,
      ).rejects.toThrow("L5: the terms of a hold never change");
  });

  test("L12: what was taken and what was given back make up the hold, in the row as in the journal", async () => {
    const { holdId } = await someBooks();
    const resolved = { resolved_at: new Date(), resolved_by: "test" };
    for (const end of [
      { state: "committed", charged: 4, returned: 1 },
      { state: "committed", charged: 0, returned: 4 },
      { state: "refunded", charged: 1, returned: 3 },
      { state: "expired", charged: 0, returned: 3 },
    ])
      await expect(
        database.owner`update credit_hold set ${database.owner({ ...end, ...resolved })} where id = ${holdId}`,
      ).rejects.toMatchObject({ constraint_name: "L12" });
  });

  test("L14: one that is held has not ended, and one that has ended says when", async () => {
    const { holdId } = await someBooks();
    for (const half of [{ resolved_at: new Date() }, { state: "refunded", returned: 4 }])
      await expect(
        database.owner`update credit_hold set ${database.owner(half)} where id = ${holdId}`,
      ).rejects.toMatchObject({ constraint_name: "resolved_when_terminal" });
  });
});

describe("the application", () => {
  const denied = { code: "42501" };

  test.each(["credit_account", "credit_grant", "credit_hold", "credit_claim", "credit_transfer"])(
    "L24: writes nothing in %s itself: it runs verbs, and reads",
    async (table) => {
      const sql = database.db.$client;
      await sql`select from ${sql(table)} limit 1`;
      await expect(sql`insert into ${sql(table)} default values`).rejects.toMatchObject(denied);
      await expect(sql`update ${sql(table)} set account_id = account_id`).rejects.toMatchObject(denied);
      await expect(sql`delete from ${sql(table)}`).rejects.toMatchObject(denied);
      await expect(sql`truncate ${sql(table)}`).rejects.toMatchObject(denied);
    },
  );

  test("L24: settles by what was recorded alone: the parts of the verbs are not its own to call", async () => {
    const sql = database.db.$client;
    const { holdId, accountId, grantId } = await someBooks();
    const calls = {
      credit_settle: sql`select credit_settle(${holdId}, ${accountId}, 0, 'refunded', 'test')`,
      credit_transfer_add: sql`
        select credit_transfer_add(${accountId}, ${grantId}, null, 'expire', 'remaining', 'expired', 1)`,
      credit_pay_debt: sql`select credit_pay_debt(${accountId}, ${grantId}, 1)`,
      credit_claim_debt: sql`select credit_claim_debt(${accountId}, ${grantId}, ${holdId})`,
      credit_lapse: sql`
        select credit_lapse(g, null, 'x', 1, now(), 'test', '{}') from credit_grant g where id = ${grantId}`,
      run_settle: sql`select run_settle(${holdId}, 'test')`,
    };
    for (const [name, call] of Object.entries(calls))
      await expect(call).rejects.toThrow(`permission denied for function ${name}`);
  });
});
