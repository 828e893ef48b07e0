import { randomUUID } from "node:crypto";
import { findModel, imagePrice } from "@imgpilot/contract/catalogue";
import { GenerationWithReceipt } from "@imgpilot/contract/generations";
import { aCall, aRecordedImage, aRunAtWork, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, expect, test } from "vitest";
import type { Context } from "../context.ts";
import { runId } from "../ids.ts";
import { Runs } from "../runs/index.ts";
import { Generations } from "./index.ts";

/** Drawing again as people and operators ask for it: today's price, a new execution, and a receipt that shows both. */
const database = freshDatabase();
afterEach(() => expectBalancedBooks(database.db));

const model = findModel("nano-banana-2.1");
const price = (model && imagePrice(model, { resolution: "1K", references: 0 })) ?? 0;

/** The verbs on a real database; started is what the engine was asked to start. */
function world() {
  const started: string[] = [];
  const workflow = { start: async (run: { runId: string }) => void started.push(run.runId) };
  const objects = { signGet: async (key: string) => `https://store.test/${key}` };
  const report = (fault: unknown) => {
    throw fault;
  };
  return { started, ctx: { db: database.db, workflow, objects, report } as unknown as Context };
}

/** Two images at 4 credits each; the second was called for once, and failed. */
async function halfDone() {
  const work = await aRunAtWork(database.db, { count: 2 });
  await aRecordedImage(database.db, work.runId, 0);
  await aCall(database.db, work.runId, 1);
  const error = { kind: "overloaded", stage: null, reason: null, retryAfterSeconds: null } as const;
  await Runs.finishAttempt(database.db, { runId: work.runId, image: 1, n: 0, state: "failed", error });
  await Runs.settle(database.db, work.runId, "CommitCredits");
  return work;
}
const draws = async (run: string) => {
  await Runs.confirm(database.db, run);
  await aRecordedImage(database.db, run, 1);
  await Runs.settle(database.db, run, "CommitCredits");
};

test("promise C7: a retried image is charged at today's price, and the receipt shows both runs and adds up", async () => {
  const { ctx, started } = world();
  const work = await halfDone();
  const asked = { ...work, image: 1, maxCredits: price, idempotencyKey: randomUUID() };
  const queued = await Generations.retryImage(ctx, asked);
  const second = runId(work.generationId, 2);
  expect(started).toEqual([second]);
  expect(queued).toMatchObject({ state: "running", endedAt: null });
  expect(queued.images.map(({ state, attempt }) => [state, attempt])).toEqual([
    ["done", 1],
    ["queued", 0],
  ]);
  await draws(second);

  const done = await Generations.retryImage(ctx, asked);
  expect(GenerationWithReceipt.parse(done)).toEqual(done);
  expect(started).toEqual([second]);
  expect(done).toMatchObject({ state: "succeeded", credits: { charged: 4 + price } });
  const { receipt } = done;
  expect(receipt).toMatchObject({ held: 8 + price, charged: 4 + price, returned: 4 });
  expect(receipt.settledAt).not.toBeNull();
  expect(receipt.runs).toMatchObject([
    { n: 1, images: [0, 1], paidBy: "person", held: 8, charged: 4, returned: 4 },
    { n: 2, images: [1], paidBy: "person", held: price, charged: price, returned: 0 },
  ]);
  expect(receipt.attempts.map(({ run, image, state }) => [run, image, state])).toEqual([
    [1, 0, "delivered"],
    [1, 1, "failed"],
    [2, 1, "delivered"],
  ]);
  const consumed = receipt.entries.filter(({ from, to }) => from === "held" && to === "consumed");
  expect(consumed.reduce((sum, { amount }) => sum + amount, 0)).toBe(receipt.charged);
});

test("promise C5: a retry above the price that was shown starts nothing, and its key keeps that answer", async () => {
  const { ctx, started } = world();
  const asked = { ...(await halfDone()), image: 1, maxCredits: price - 1, idempotencyKey: randomUUID() };
  await expect(Generations.retryImage(ctx, asked)).rejects.toMatchObject({ code: "price.changed" });
  await expect(Generations.retryImage(ctx, asked)).rejects.toMatchObject({ code: "price.changed" });
  const other = { ...asked, maxCredits: price };
  await expect(Generations.retryImage(ctx, other)).rejects.toMatchObject({ code: "key.reused" });
  expect(started).toEqual([]);
});

test("what an operator runs again costs the person nothing, and their receipt says so", async () => {
  const { ctx, started } = world();
  const work = await halfDone();
  const asked = { ...work, actor: "operator", reason: "an outage", idempotencyKey: randomUUID() };
  const second = runId(work.generationId, 2);
  expect(await Generations.runAgain(ctx, asked)).toEqual({ runId: second });
  expect(await Generations.runAgain(ctx, asked)).toEqual({ runId: second });
  expect(started).toEqual([second]);
  await draws(second);
  const { state, credits, receipt } = await Generations.get(ctx, work);
  expect({ state, charged: credits.charged }).toEqual({ state: "succeeded", charged: 4 });
  expect(receipt).toMatchObject({ held: 8, charged: 4, returned: 4 });
  expect(receipt.runs.map(({ paidBy, charged }) => [paidBy, charged])).toEqual([
    ["person", 4],
    ["goodwill", price],
  ]);
  expect(receipt.entries.map(({ hold }) => hold)).not.toContain(second);
});
