import { randomUUID } from "node:crypto";
import {
  aCall,
  aDelivery,
  anAccount,
  anOrder,
  aRecordedImage,
  aRunAtWork,
  expectBalancedBooks,
  ROUTE,
  storedImage,
} from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, describe, expect, test } from "vitest";
import { Credits } from "../credits/index.ts";
import { newId, runId } from "../ids.ts";
import { type RunRetry, Runs } from "./index.ts";

/** Drawing again (rule 12): a new run, a new hold, and nobody pays who did not ask. */
const database = freshDatabase({ connections: 16 });
afterEach(() => expectBalancedBooks(database.db));

type Work = Awaited<ReturnType<typeof aRunAtWork>>;

const stateOf = async (generationId: string) => {
  const [row] = await database.owner`select state from generation where id = ${generationId}`;
  return row?.state as string | undefined;
};
const balance = (accountId: string) => Credits.balance(database.db, accountId);
const retry = ({ generationId, accountId }: Work, image: number, facts: Partial<RunRetry> = {}) =>
  Runs.retryImage(database.db, {
    ...{ generationId, accountId, image, idempotencyKey: randomUUID(), requestHash: "retry" },
    ...{ pricePerImage: 4, maxCredits: 4, routes: [ROUTE], ...facts },
  });
const runAgain = ({ generationId }: Work, idempotencyKey: string = randomUUID()) =>
  Runs.runAgain(database.db, {
    ...{ generationId, idempotencyKey, pricePerImage: 4, routes: [ROUTE] },
    ...{ actor: "operator", reason: "the provider was down" },
  });
const refusal = (code: string) => ({ status: "refused", code });

/** Two images were asked for; the first is there, the second failed, and the run is settled. */
async function halfDone(credits = 100): Promise<Work> {
  const work = await aRunAtWork(database.db, { accountId: await anAccount(database.db, credits), count: 2 });
  await aRecordedImage(database.db, work.runId, 0);
  await aCall(database.db, work.runId, 1);
  await Runs.settle(database.db, work.runId, "CommitCredits");
  return work;
}

async function starts(id: string): Promise<void> {
  expect((await Runs.claim(database.db, 100)).map((run) => run.runId)).toContain(id);
  expect(await Runs.confirm(database.db, id)).toBe("held");
}

describe("a person's retry", () => {
  test("is a run of that image alone, held and charged by itself, and completes the generation", async () => {
    const work = await halfDone();
    expect(await retry(work, 1)).toEqual({ status: "created", generationId: work.generationId });
    expect(await stateOf(work.generationId)).toBe("queued");
    expect(await balance(work.accountId)).toMatchObject({ available: 92, held: 4 });
    const second = runId(work.generationId, 2);
    await starts(second);
    expect(await stateOf(work.generationId)).toBe("running");
    await aRecordedImage(database.db, second, 1);
    expect(await Runs.settle(database.db, second, "CommitCredits")).toMatchObject({
      charged: 4,
      returned: 0,
    });
    expect(await stateOf(work.generationId)).toBe("succeeded");
    expect(await balance(work.accountId)).toMatchObject({ available: 92, held: 0 });
  });

  test("W5: what the first run's Lambda still delivers is not recorded, before the second's image or after it", async () => {
    const work = await halfDone();
    await Runs.finishAttempt(database.db, { runId: work.runId, image: 1, n: 0, state: "delivered" });
    await retry(work, 1);
    const second = runId(work.generationId, 2);
    await starts(second);
    const zombie = () => Runs.recordImage(database.db, storedImage(work.runId, 1));
    expect(await zombie()).toBe("refused");
    await aRecordedImage(database.db, second, 1);
    expect(await zombie()).toBe("refused");
    expect(await Runs.settle(database.db, work.runId, "event")).toMatchObject({
      outcome: "partial",
      charged: 4,
    });
    expect(await Runs.settle(database.db, second, "event")).toMatchObject({
      outcome: "succeeded",
      charged: 4,
    });
  });

  test("W1: sixteen of one key at once, and then sixteen of sixteen keys, make one run", async () => {
    const work = await halfDone();
    const idempotencyKey = randomUUID();
    const same = await Promise.all(Array.from({ length: 16 }, () => retry(work, 1, { idempotencyKey })));
    expect(same.filter(({ status }) => status === "created")).toHaveLength(1);
    expect(same.filter(({ status }) => status === "repeated")).toHaveLength(15);
    const others = await Promise.all(Array.from({ length: 16 }, () => retry(work, 1)));
    expect(new Set(others.map((answer) => JSON.stringify(answer)))).toEqual(
      new Set([JSON.stringify(refusal("image.running"))]),
    );
    expect(await balance(work.accountId)).toMatchObject({ available: 92, held: 4 });
    expect(await retry(work, 1, { idempotencyKey, requestHash: "other" })).toEqual({ status: "key.reused" });
  });

  test("is refused, and holds nothing, where the image is there, not the order's, being drawn, or somebody else's", async () => {
    const work = await halfDone();
    expect(await retry(work, 0)).toEqual(refusal("image.done"));
    expect(await retry(work, 2)).toEqual(refusal("image.missing"));
    expect(await retry(work, 1, { accountId: await anAccount(database.db) })).toEqual(
      refusal("generation.missing"),
    );
    expect(await retry(work, 1, { maxCredits: 3 })).toEqual(refusal("price.changed"));
    const open = await aRunAtWork(database.db);
    expect(await retry(open, 0)).toEqual(refusal("image.running"));
    await Runs.remove(database.db, work);
    expect(await retry(work, 1)).toEqual(refusal("generation.missing"));
    expect(await balance(work.accountId)).toMatchObject({ available: 96, held: 0 });
  });

  test("L6: for which credits were short stays refused for its key; another key is another question", async () => {
    const work = await halfDone(8);
    await Runs.request(database.db, anOrder(work.accountId));
    const idempotencyKey = randomUUID();
    expect(await retry(work, 1, { idempotencyKey })).toEqual(refusal("credits.insufficient"));
    expect(await stateOf(work.generationId)).toBe("partial");
    const grant = {
      accountId: work.accountId,
      source: "test",
      sourceRef: randomUUID(),
      category: "paid" as const,
    };
    await Credits.grant(database.db, { ...grant, amount: 4 });
    expect(await retry(work, 1, { idempotencyKey })).toEqual(refusal("credits.insufficient"));
    expect(await retry(work, 1)).toMatchObject({ status: "created" });
    await starts(runId(work.generationId, 3));
  });

  test("that fails gives its credits back and leaves what was there", async () => {
    const work = await halfDone();
    await retry(work, 1);
    const second = runId(work.generationId, 2);
    await starts(second);
    await aDelivery(database.db, second, 1);
    expect(await Runs.settle(database.db, second, "RefundCredits")).toMatchObject({
      charged: 0,
      returned: 4,
    });
    expect(await stateOf(work.generationId)).toBe("partial");
    expect(await balance(work.accountId)).toMatchObject({ available: 96, held: 0 });
  });
});

test("rule 11: a generation is refused only where each of its images was, by its last run", async () => {
  const work = await aRunAtWork(database.db, { count: 2 });
  await Runs.settle(database.db, work.runId, "RefundCredits");
  expect(await stateOf(work.generationId)).toBe("failed");
  const refuse = async (image: number, run: string) => {
    await retry(work, image);
    await starts(run);
    await aCall(database.db, run, image);
    const error = { kind: "moderated", stage: "input", reason: null, retryAfterSeconds: null } as const;
    await Runs.finishAttempt(database.db, { runId: run, image, n: 0, state: "failed", error });
    expect(await Runs.settle(database.db, run, "RefundCredits")).toMatchObject({ outcome: "refused" });
  };
  await refuse(0, runId(work.generationId, 2));
  expect(await stateOf(work.generationId)).toBe("failed");
  await refuse(1, runId(work.generationId, 3));
  expect(await stateOf(work.generationId)).toBe("refused");
});

describe("an operator's run again", () => {
  test("is paid by goodwill of seven days and never by the person, with actor and reason (L24)", async () => {
    const work = await halfDone(8);
    const before = await balance(work.accountId);
    const answer = await runAgain(work);
    const second = runId(work.generationId, 2);
    expect(answer).toEqual({ status: "created", runId: second });
    expect((await balance(work.accountId)).available).toBe(before.available);
    const [grant] = await database.owner`
      select g.source, g.amount::int, round(extract(epoch from g.expires_at - now()) / 86400)::int as days,
        t.actor, t.meta ->> 'reason' as reason, r.images, r.actor as run_actor, r.reason as run_reason
      from run r join credit_hold h on h.id = r.id join credit_grant g on g.id = h.grant_id
      join credit_transfer t on t.grant_id = g.id and t.kind = 'grant' where r.id = ${second}`;
    const why = { actor: "operator", reason: "the provider was down" };
    expect(grant).toMatchObject({ source: "goodwill", amount: 4, days: 7, images: [1], ...why });
    expect(grant).toMatchObject({ run_actor: why.actor, run_reason: why.reason });
    await starts(second);
    await aRecordedImage(database.db, second, 1);
    expect(await Runs.settle(database.db, second, "CommitCredits")).toMatchObject({ charged: 4 });
    expect(await stateOf(work.generationId)).toBe("succeeded");
    expect(await balance(work.accountId)).toMatchObject({ available: before.available, held: 0 });
  });

  test("that fails leaves the person nothing to spend: what returns to its grant is withdrawn", async () => {
    const work = await halfDone();
    await runAgain(work);
    const second = runId(work.generationId, 2);
    await starts(second);
    expect(await Runs.settle(database.db, second, "event")).toMatchObject({ charged: 0, returned: 4 });
    expect(await balance(work.accountId)).toMatchObject({ available: 96, held: 0 });
  });

  test("W1: of one key is one run; another key finds the image being drawn, and a key is one generation's", async () => {
    const work = await halfDone();
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => runAgain(work, key)));
    expect(answers.filter(({ status }) => status === "created")).toHaveLength(1);
    expect(answers.filter(({ status }) => status === "repeated")).toHaveLength(7);
    expect(await runAgain(work)).toEqual(refusal("image.running"));
    expect(await runAgain(await halfDone(), key)).toEqual({ status: "key.reused" });
  });

  test("is refused where everything is there, or nothing is any more", async () => {
    const work = await aRunAtWork(database.db);
    await aRecordedImage(database.db, work.runId);
    await Runs.settle(database.db, work.runId, "CommitCredits");
    expect(await runAgain(work)).toEqual(refusal("image.done"));
    expect(await runAgain({ ...work, generationId: newId("gen") })).toEqual(refusal("generation.missing"));
  });

  test("needs somebody who answers for it, and a reason", async () => {
    const { generationId } = await halfDone();
    const asked = { generationId, idempotencyKey: randomUUID(), pricePerImage: 4, routes: [ROUTE] };
    await expect(Runs.runAgain(database.db, { ...asked, actor: "operator", reason: "" })).rejects.toThrow();
    await expect(Runs.runAgain(database.db, { ...asked, actor: "", reason: "why" })).rejects.toThrow();
    expect(await stateOf(generationId)).toBe("partial");
  });
});
