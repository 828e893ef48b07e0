import {
  aCall,
  aDelivery,
  anAccount,
  anOrder,
  aRecordedImage,
  aRunAtWork,
  expectBalancedBooks,
  storedImage,
} from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, describe, expect, test } from "vitest";
import { Credits } from "../credits/index.ts";
import { newId, runId } from "../ids.ts";
import { Runs, type SettledBy } from "./index.ts";

const database = freshDatabase({ connections: 16 });
afterEach(() => expectBalancedBooks(database.db));

const stateOf = async (generationId: string) => {
  const [row] = await database.owner`select state from generation where id = ${generationId}`;
  return row?.state as string | undefined;
};
const deletions = async (part: string) => {
  const rows = await database.owner`
    select key, round(extract(epoch from due_at - clock_timestamp()) / 60)::int as minutes, again_at is not null as again
    from object_deletion where position(${part} in key) > 0 order by key`;
  return rows.map((row) => ({ ...row }));
};
const moderated = { kind: "moderated", stage: "input", reason: "violence", retryAfterSeconds: null } as const;

async function fail(id: string, image: number, error: object = moderated) {
  await aCall(database.db, id, image);
  const end = { runId: id, image, n: 0, state: "failed" as const, error: { ...moderated, ...error } };
  expect(await Runs.finishAttempt(database.db, end)).toBe("failed");
}

describe("settle", () => {
  test("W2: charges what was recorded, gives the rest back, and answers the same whoever asks again (rule 2)", async () => {
    const work = await aRunAtWork(database.db, { count: 4 });
    for (const image of [0, 1, 3]) await aRecordedImage(database.db, work.runId, image);
    const first = await Runs.settle(database.db, work.runId, "CommitCredits");
    expect(first).toEqual({ outcome: "partial", charged: 12, returned: 4, hold: "committed" });
    for (const by of ["RefundCredits", "event", "sweeper", "cancel"] as const)
      expect(await Runs.settle(database.db, work.runId, by)).toEqual(first);
    expect(await Credits.balance(database.db, work.accountId)).toMatchObject({ available: 88, held: 0 });
    expect(await stateOf(work.generationId)).toBe("partial");
  });

  test("L17: RefundCredits after everything was recorded commits all the same: no failure later gives an image away", async () => {
    const work = await aRunAtWork(database.db);
    await aRecordedImage(database.db, work.runId);
    const charged = { outcome: "succeeded", charged: 4, returned: 0, hold: "committed" };
    expect(await Runs.settle(database.db, work.runId, "RefundCredits")).toEqual(charged);
    expect(await stateOf(work.generationId)).toBe("succeeded");
  });

  test("CommitCredits with nothing recorded refunds: what a state says of itself never decides about money", async () => {
    const work = await aRunAtWork(database.db);
    await aDelivery(database.db, work.runId);
    const refunded = { outcome: "failed", charged: 0, returned: 4, hold: "refunded" };
    expect(await Runs.settle(database.db, work.runId, "CommitCredits")).toEqual(refunded);
    expect(await stateOf(work.generationId)).toBe("failed");
  });

  test("an order that the providers may not draw is refused, one of which anything else failed has failed (rule 11)", async () => {
    const blocked = await aRunAtWork(database.db, { count: 2 });
    await fail(blocked.runId, 0);
    await fail(blocked.runId, 1, { kind: "invalid_input" });
    expect(await Runs.settle(database.db, blocked.runId, "RefundCredits")).toMatchObject({
      outcome: "refused",
      charged: 0,
    });
    const mixed = await aRunAtWork(database.db, { count: 2 });
    await fail(mixed.runId, 0);
    await fail(mixed.runId, 1, { kind: "overloaded" });
    expect(await Runs.settle(database.db, mixed.runId, "RefundCredits")).toMatchObject({
      outcome: "failed",
      charged: 0,
    });
    const untried = await aRunAtWork(database.db, { count: 2 });
    await fail(untried.runId, 0);
    expect(await Runs.settle(database.db, untried.runId, "RefundCredits")).toMatchObject({
      outcome: "failed",
    });
  });

  test("a run that was never made has failed, and leaves nothing behind", async () => {
    const nothing = { outcome: "failed", charged: 0, returned: 0, hold: null };
    expect(await Runs.settle(database.db, "gen_never-1", "RefundCredits")).toEqual(nothing);
    expect(await database.owner`select from credit_hold where id = 'gen_never-1'`).toHaveLength(0);
  });

  test("L4: a run whose hold was never made gets the tombstone, and its late reserve is turned away (rule 4)", async () => {
    const accountId = await anAccount(database.db);
    const generationId = newId("gen");
    const id = runId(generationId, 1);
    await database.owner`insert into run (id, generation_id, account_id, n, images, price_per_image, routes, request_hash)
      values (${id}, ${generationId}, ${accountId}, 1, '{0}', 4, '[]', 'h')`;
    const refunded = { outcome: "failed", charged: 0, returned: 0, hold: "refunded" };
    expect(await Runs.settle(database.db, id, "RefundCredits")).toEqual(refunded);
    expect(await Runs.confirm(database.db, id)).toBe("refused");
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 100, held: 0 });
  });

  test("what a run wrote and nobody recorded goes an hour later, when no Lambda can write any more (rule 3)", async () => {
    const { runId: id } = await aRunAtWork(database.db, { count: 2 });
    await aRecordedImage(database.db, id, 0);
    await aDelivery(database.db, id, 1);
    await Runs.settle(database.db, id, "CommitCredits");
    const kept = Object.values(storedImage(id, 0).keys);
    const left = Object.values(storedImage(id, 1).keys);
    const queued = await deletions(id);
    const keys = queued.map((row) => row.key);
    expect(keys).toEqual(expect.arrayContaining([...left, `staging/${id}/0/0`, `staging/${id}/1/0`]));
    expect(keys.filter((key) => kept.includes(key as string))).toEqual([]);
    expect(new Set(queued.map((row) => row.minutes))).toEqual(new Set([60]));
  });
});

describe("races", () => {
  test("L4 L22 W2: sixteen clients settle and record the same runs at once; the books balance and nobody deadlocks", async () => {
    const accountId = await anAccount(database.db, 500);
    const runs: string[] = [];
    for (let i = 0; i < 3; i++) runs.push((await aRunAtWork(database.db, { accountId, count: 4 })).runId);
    for (const id of runs) for (const image of [0, 1, 2, 3]) await aDelivery(database.db, id, image);
    const by: SettledBy[] = ["CommitCredits", "RefundCredits", "event", "sweeper"];
    const client = async (i: number) => {
      const outcomes: string[] = [];
      for (let step = 0; step < 12; step++) {
        const id = runs[(i + step) % 3] ?? "";
        await Runs.recordImage(database.db, storedImage(id, (i + step) % 4));
        if ((i * 7 + step) % 5 === 0)
          outcomes.push(
            `${id} ${JSON.stringify(await Runs.settle(database.db, id, by[step % 4] ?? "event"))}`,
          );
      }
      return outcomes;
    };
    const answers = (await Promise.all(Array.from({ length: 16 }, (_, i) => client(i)))).flat();
    expect(new Set(answers).size).toBe(new Set(answers.map((answer) => answer.split(" ")[0])).size);
  });

  test("cancel, store and settle meet: what is recorded is charged, and nothing is recorded afterwards (rule 8)", async () => {
    for (let round = 0; round < 12; round++) {
      const work = await aRunAtWork(database.db, { count: 2 });
      for (const image of [0, 1]) await aDelivery(database.db, work.runId, image);
      const record = (image: number) => Runs.recordImage(database.db, storedImage(work.runId, image));
      const [a, , b] = await Promise.all([
        record(0),
        Runs.cancel(database.db, work),
        record(1),
        Runs.settle(database.db, work.runId, "CommitCredits"),
      ]);
      const recorded = [a, b].filter((answer) => answer === "recorded").length;
      expect(await Runs.settle(database.db, work.runId, "event")).toMatchObject({ charged: 4 * recorded });
      // Its own earlier record is found whatever became of the hold; a refusal stays one.
      expect([await record(0), await record(1)]).toEqual([a, b]);
    }
  });
});

describe("cancel", () => {
  test("of a queued run gives everything back, and has nothing to stop", async () => {
    const accountId = await anAccount(database.db);
    const order = anOrder(accountId, { count: 2 });
    await Runs.request(database.db, order);
    expect(await Runs.cancel(database.db, order)).toEqual({ found: true, runIds: [] });
    expect(await Runs.claim(database.db, 100)).toEqual([]);
    expect(await stateOf(order.generationId)).toBe("cancelled");
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 100, held: 0 });
  });

  test("half-way keeps and charges what was recorded, and names the execution to stop, repeated the same", async () => {
    const work = await aRunAtWork(database.db, { count: 2 });
    await aRecordedImage(database.db, work.runId, 1);
    const ended = { found: true, runIds: [work.runId] };
    expect(await Runs.cancel(database.db, work)).toEqual(ended);
    expect(await Runs.cancel(database.db, work)).toEqual(ended);
    const settled = { outcome: "cancelled", charged: 4, returned: 4, hold: "committed" };
    expect(await Runs.settle(database.db, work.runId, "event")).toEqual(settled);
    expect(await stateOf(work.generationId)).toBe("cancelled");
  });

  test("of somebody else's generation finds nothing and changes nothing", async () => {
    const work = await aRunAtWork(database.db);
    const other = { generationId: work.generationId, accountId: await anAccount(database.db) };
    expect(await Runs.cancel(database.db, other)).toEqual({ found: false, runIds: [] });
    expect(await Runs.remove(database.db, other)).toEqual({ found: false, runIds: [] });
    expect(await Runs.get(database.db, work.runId)).toMatchObject({ isOpen: true });
  });
});

describe("remove", () => {
  test("promise R6: settles, removes the rows, and queues every object, now and again in an hour", async () => {
    const accountId = await anAccount(database.db);
    const [used, shared] = [newId("upl"), newId("upl")];
    for (const id of [used, shared])
      await database.owner`insert into upload (id, account_id, key, content_type, bytes, sha256)
        values (${id}, ${accountId}, ${`uploads/${accountId}/${id}`}, 'image/png', 5, 'x')`;
    await Runs.request(database.db, anOrder(accountId, { references: [shared] }));
    const work = await aRunAtWork(database.db, { accountId, count: 2, references: [used, shared] });
    await aRecordedImage(database.db, work.runId, 0);
    expect(await Runs.remove(database.db, work)).toEqual({ found: true, runIds: [work.runId] });

    expect(await stateOf(work.generationId)).toBeUndefined();
    const gone = await deletions(`images/${work.runId}/0/0/`);
    const keys = Object.values(storedImage(work.runId, 0).keys);
    expect(gone.map((row) => row.key).toSorted()).toEqual(keys.toSorted());
    expect(gone.every((row) => row.minutes === 0 && row.again)).toBe(true);
    expect(await deletions(`uploads/${accountId}/`)).toMatchObject([
      { key: `uploads/${accountId}/${used}`, again: true },
    ]);
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 92, held: 4 });
    expect(await Runs.attempts(database.db, work.runId, 0)).toHaveLength(1);
    expect(await Runs.get(database.db, work.runId)).toMatchObject({ isOpen: false, order: null });
    expect(await Runs.remove(database.db, work)).toEqual({ found: false, runIds: [] });
  });

  test("a zombie of a deleted generation records nothing, and its key makes no second one", async () => {
    const accountId = await anAccount(database.db);
    const order = anOrder(accountId);
    const work = await aRunAtWork(database.db, order);
    await aRecordedImage(database.db, work.runId);
    await Runs.remove(database.db, work);
    expect(await Runs.recordImage(database.db, storedImage(work.runId))).toBe("refused");
    expect(await Runs.request(database.db, { ...order, generationId: newId("gen") })).toMatchObject({
      status: "repeated",
      generationId: work.generationId,
    });
  });

  test("a removal that was confirmed once is done again when its second time comes", async () => {
    const work = await aRunAtWork(database.db);
    await aRecordedImage(database.db, work.runId);
    await Runs.remove(database.db, work);
    const confirm = () =>
      database.owner`delete from object_deletion where key = ${storedImage(work.runId).keys.w320}`;
    await confirm();
    expect(await deletions(`${work.runId}/0/0/w320`)).toMatchObject([{ minutes: 60, again: false }]);
    await confirm();
    expect(await deletions(`${work.runId}/0/0/w320`)).toEqual([]);
  });
});
