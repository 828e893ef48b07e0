import { PLANS } from "@imgpilot/contract/plans";
import {
  aDelivery,
  anAccount,
  anOrder,
  aRecordedImage,
  aRunAtWork,
  expectBalancedBooks,
} from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, describe, expect, test } from "vitest";
import { Credits } from "../credits/index.ts";
import { newId, runId } from "../ids.ts";
import { Runs } from "./index.ts";

const database = freshDatabase({ connections: 32 });
afterEach(() => expectBalancedBooks(database.db));

const count = async (table: string, accountId: string) => {
  const [row] = await database.owner.unsafe(`select count(*)::int as n from ${table} where account_id = $1`, [
    accountId,
  ]);
  return row?.n as number;
};
const stateOf = async (generationId: string) => {
  const [row] = await database.owner`select state from generation where id = ${generationId}`;
  return row?.state as string | undefined;
};

describe("request", () => {
  test("W1: thirty-two identical requests at once make one generation, one run, one hold and one charge", async () => {
    const accountId = await anAccount(database.db);
    const order = anOrder(accountId, { count: 2 });
    const answers = await Promise.all(
      Array.from({ length: 32 }, () => Runs.request(database.db, { ...order, generationId: newId("gen") })),
    );
    expect(answers.filter(({ status }) => status === "created")).toHaveLength(1);
    expect(answers.filter(({ status }) => status === "repeated")).toHaveLength(31);
    expect(new Set(answers.map((answer) => "generationId" in answer && answer.generationId)).size).toBe(1);
    for (const table of ["generation", "run", "credit_hold"]) expect(await count(table, accountId)).toBe(1);
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 92, held: 8 });
  });

  test("W1: a key that was used for other content is told so and makes nothing", async () => {
    const accountId = await anAccount(database.db);
    const order = anOrder(accountId);
    await Runs.request(database.db, order);
    const other = { ...order, generationId: newId("gen"), requestHash: "another" };
    expect(await Runs.request(database.db, other)).toEqual({ status: "key.reused" });
    expect(await count("generation", accountId)).toBe(1);
  });

  test("L7: of ten requests at once for credits that pay three, three are made and no more is held", async () => {
    const accountId = await anAccount(database.db, 12);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => Runs.request(database.db, anOrder(accountId))),
    );
    expect(answers.filter(({ status }) => status === "created")).toHaveLength(3);
    expect(answers.filter((a) => a.status === "refused" && a.code === "credits.insufficient")).toHaveLength(
      7,
    );
    expect(await count("run", accountId)).toBe(3);
  });

  test("L6: a refusal is its key's answer for good; a new key is a new question", async () => {
    const accountId = await anAccount(database.db, 3);
    const order = anOrder(accountId);
    const refused = { status: "refused", code: "credits.insufficient" };
    expect(await Runs.request(database.db, order)).toEqual(refused);
    await Credits.grant(database.db, {
      accountId,
      source: "test",
      sourceRef: accountId,
      category: "paid",
      amount: 50,
    });
    expect(await Runs.request(database.db, { ...order, generationId: newId("gen") })).toEqual(refused);
    expect(await Runs.request(database.db, anOrder(accountId))).toMatchObject({ status: "created" });
  });

  test("promise C5: nothing is started above the price that was shown", async () => {
    const accountId = await anAccount(database.db);
    const order = anOrder(accountId, { count: 2, maxCredits: 7 });
    expect(await Runs.request(database.db, order)).toEqual({ status: "refused", code: "price.changed" });
    expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 100, held: 0 });
  });

  test("a reference that is not the account's own is refused as missing", async () => {
    const [accountId, other] = [await anAccount(database.db), await anAccount(database.db)];
    const id = newId("upl");
    await database.owner`insert into upload (id, account_id, key, content_type, bytes, sha256)
      values (${id}, ${other}, ${`uploads/${other}/${id}`}, 'image/png', 5, 'x')`;
    const answer = await Runs.request(database.db, anOrder(accountId, { references: [id] }));
    expect(answer).toEqual({ status: "refused", code: "reference.missing" });
  });

  test("what was asked for is what the run draws, references in order, price and routes frozen", async () => {
    const accountId = await anAccount(database.db);
    const references = [newId("upl"), newId("upl")].reverse();
    for (const id of references)
      await database.owner`insert into upload (id, account_id, key, content_type, bytes, sha256)
        values (${id}, ${accountId}, ${`uploads/${accountId}/${id}`}, 'image/png', 5, 'x')`;
    const order = anOrder(accountId, {
      count: 3,
      references,
      seed: 7,
      prompt: "ein Fuchs 🦊 'im' \"Schnee\"\n\\u0041",
    });
    await Runs.request(database.db, order);
    const { model, prompt, aspectRatio, resolution, seed, fallback } = order;
    expect(await Runs.get(database.db, runId(order.generationId, 1))).toEqual({
      id: runId(order.generationId, 1),
      generationId: order.generationId,
      accountId,
      images: [0, 1, 2],
      pricePerImage: 4,
      routes: order.routes,
      isOpen: true,
      dispatchedAt: null,
      order: {
        ...{ model, prompt, aspectRatio, resolution, seed, fallback },
        references: references.map((id) => ({
          uploadId: id,
          key: `uploads/${accountId}/${id}`,
          contentType: "image/png",
        })),
      },
    });
  });
});

describe("claim", () => {
  test("L21: eight dispatchers at once never start more than the plan allows, and a settled run frees its place", async () => {
    const accountId = await anAccount(database.db);
    const orders = Array.from({ length: PLANS.free.concurrency + 2 }, () => anOrder(accountId));
    for (const order of orders) await Runs.request(database.db, order);
    const claims = await Promise.all(Array.from({ length: 8 }, () => Runs.claim(database.db, 100)));
    const mine = claims
      .flat()
      .filter((run) => orders.some((order) => order.generationId === run.generationId));
    expect(mine.map((run) => run.generationId)).toEqual(
      orders.slice(0, PLANS.free.concurrency).map((order) => order.generationId),
    );
    expect(await Runs.claim(database.db, 100)).toEqual([]);
    for (const run of mine) await Runs.settle(database.db, run.runId, "event");
    expect(await Runs.claim(database.db, 100)).toHaveLength(2);
  });

  test("a person with one generation is served before another's second: accounts take turns (rule 7)", async () => {
    const [many, few] = [await anAccount(database.db), await anAccount(database.db)];
    const ask = async (accountId: string) => {
      const order = anOrder(accountId);
      await Runs.request(database.db, order);
      return order.generationId;
    };
    const asked = [await ask(many), await ask(many), await ask(many), await ask(few)];
    const claimed = [...(await Runs.claim(database.db, 2)), ...(await Runs.claim(database.db, 2))];
    expect(claimed.map((run) => run.generationId)).toEqual([asked[0], asked[3], asked[1], asked[2]]);
  });

  test("L14: a hold has no expiry while its run is queued, and one of 90 minutes from its start", async () => {
    const accountId = await anAccount(database.db);
    const order = anOrder(accountId);
    await Runs.request(database.db, order);
    const id = runId(order.generationId, 1);
    const expiry = async () => {
      const [row] = await database.owner`
        select round(extract(epoch from expires_at - clock_timestamp()) / 60)::int as minutes from credit_hold where id = ${id}`;
      return row?.minutes;
    };
    expect(await expiry()).toBeNull();
    expect(await stateOf(order.generationId)).toBe("queued");
    await Runs.claim(database.db, 100);
    expect(await expiry()).toBe(90);
    expect(await stateOf(order.generationId)).toBe("running");
  });
});

describe("confirm", () => {
  test("rule 8: a run that was settled, deleted or never made is refused", async () => {
    const work = await aRunAtWork(database.db);
    expect(await Runs.confirm(database.db, work.runId)).toBe("held");
    await Runs.cancel(database.db, work);
    expect(await Runs.confirm(database.db, work.runId)).toBe("refused");
    expect(await Runs.confirm(database.db, "gen_never-1")).toBe("refused");
  });
});

describe("due", () => {
  const due = async (id: string) => (await Runs.due(database.db)).find((run) => run.runId === id);

  test("W3: the sweeper is shown a run queued for a day, and until then nothing that is queued", async () => {
    const accountId = await anAccount(database.db);
    const order = anOrder(accountId);
    await Runs.request(database.db, order);
    const id = runId(order.generationId, 1);
    expect(await due(id)).toBeUndefined();
    await database.owner`update run set created_at = now() - interval '24 hours' where id = ${id}`;
    expect(await due(id)).toMatchObject({
      problem: "queued-too-long",
      executionInput: { runId: id, images: [0] },
    });
    expect(await Runs.settle(database.db, id, "sweeper")).toMatchObject({
      outcome: "failed",
      hold: "refunded",
    });
    expect(await due(id)).toBeUndefined();
  });

  test("W3: every dispatched run is shown until it is settled, with what the database's clock says of it", async () => {
    const { runId: id } = await aRunAtWork(database.db);
    expect(await due(id)).toMatchObject({ problem: "dispatched", pastDeadline: false, holdExpired: false });
    await database.owner`update run set dispatched_at = now() - interval '91 minutes' where id = ${id}`;
    await database.owner`update credit_hold set expires_at = now() - interval '1 minute' where id = ${id}`;
    expect(await due(id)).toMatchObject({ problem: "dispatched", pastDeadline: true, holdExpired: true });
    expect(await Runs.settle(database.db, id, "sweeper")).toMatchObject({
      outcome: "failed",
      hold: "expired",
    });
  });
});

test("L14 L16: a hold past its time is still settled by what was recorded, not by the clock", async () => {
  const { runId: id, accountId } = await aRunAtWork(database.db, { count: 2 });
  await aRecordedImage(database.db, id, 0);
  await aDelivery(database.db, id, 1);
  await database.owner`update credit_hold set expires_at = now() - interval '1 minute' where id = ${id}`;
  expect(await Runs.settle(database.db, id, "sweeper")).toEqual({
    outcome: "partial",
    charged: 4,
    returned: 4,
    hold: "committed",
  });
  expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 96, held: 0 });
});
