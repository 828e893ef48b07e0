import {
  aCall,
  aDelivery,
  aRecordedImage,
  aRunAtWork,
  expectBalancedBooks,
  ROUTE,
  stagingKey,
  storedImage,
} from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, describe, expect, test } from "vitest";
import { type AttemptState, MAX_ATTEMPTS, Runs } from "./index.ts";

const database = freshDatabase({ connections: 16 });
afterEach(() => expectBalancedBooks(database.db));

const begin = (runId: string, n: number, image = 0) =>
  Runs.beginAttempt(database.db, { runId, image, n, route: ROUTE, stagingKey: stagingKey(runId, image, n) });
const finish = (runId: string, n: number, state: Exclude<AttemptState, "started">, facts: object = {}) =>
  Runs.finishAttempt(database.db, { runId, image: 0, n, state, ...facts });
const rows = (runId: string) => Runs.attempts(database.db, runId, 0);
const error = { kind: "overloaded", stage: null, reason: null, retryAfterSeconds: 3 } as const;

describe("begin", () => {
  test("W4: sixteen steps that begin the same attempt at once make one call", async () => {
    const { runId } = await aRunAtWork(database.db);
    const answers = await Promise.all(Array.from({ length: 16 }, () => begin(runId, 0)));
    expect(answers.filter((answer) => answer === "begun")).toHaveLength(1);
    expect(answers.filter((answer) => answer === "exists")).toHaveLength(15);
  });

  test("W4: no call begins for a run that is settled, cancelled or deleted (rule 8)", async () => {
    const settled = await aRunAtWork(database.db);
    await Runs.settle(database.db, settled.runId, "event");
    expect(await begin(settled.runId, 0)).toBe("closed");
    const deleted = await aRunAtWork(database.db);
    await Runs.remove(database.db, deleted);
    expect(await begin(deleted.runId, 0)).toBe("closed");
    expect(await begin("gen_never-1", 0)).toBe("closed");
  });

  test.for(["started", "waiting", "delivered"] as const)(
    "W4: while the last attempt is %s there is no other call",
    async (state) => {
      const { runId } = await aRunAtWork(database.db);
      await aCall(database.db, runId);
      if (state !== "started") await finish(runId, 0, state);
      expect(await begin(runId, 1)).toBe("exists");
    },
  );

  test(`W4: an image gets ${MAX_ATTEMPTS} calls and no more`, async () => {
    const { runId } = await aRunAtWork(database.db);
    for (let n = 0; n < MAX_ATTEMPTS; n++) {
      expect(await begin(runId, n)).toBe("begun");
      await finish(runId, n, "failed", { error });
    }
    expect(await begin(runId, MAX_ATTEMPTS)).toBe("exhausted");
  });

  test("W4: after a call that may have been paid for, one more is made and no further", async () => {
    const { runId } = await aRunAtWork(database.db);
    await begin(runId, 0);
    await finish(runId, 0, "unknown");
    expect(await begin(runId, 1)).toBe("begun");
    await finish(runId, 1, "failed", { error });
    expect(await begin(runId, 2)).toBe("exhausted");
  });

  test("an attempt out of turn, or of an image that is not the run's, is a fault", async () => {
    const { runId } = await aRunAtWork(database.db);
    await expect(begin(runId, 1)).rejects.toThrow();
    await expect(begin(runId, 0, 1)).rejects.toThrow();
  });
});

describe("finish", () => {
  test("what the provider said is kept, and the age is the database's", async () => {
    const { runId } = await aRunAtWork(database.db);
    await begin(runId, 0);
    await finish(runId, 0, "waiting", { handle: "https://poll", requestId: "req-1", costMicros: 40_000 });
    expect(await rows(runId)).toMatchObject([
      {
        n: 0,
        state: "waiting",
        handle: "https://poll",
        providerRequestId: "req-1",
        costMicros: 40_000,
        endedAt: null,
      },
    ]);
    await finish(runId, 0, "failed", {
      costMicros: 0,
      error: { ...error, kind: "moderated", stage: "output", reason: "x" },
    });
    const [row] = await rows(runId);
    expect(row).toMatchObject({
      state: "failed",
      errorKind: "moderated",
      errorStage: "output",
      errorReason: "x",
    });
    expect(row).toMatchObject({
      costMicros: 0,
      retryAfterSeconds: 3,
      provider: "google",
      product: ROUTE.product,
    });
    expect(row?.endedAt).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
    expect(row?.ageSeconds).toBeGreaterThanOrEqual(0);
  });

  test.for([
    ["delivered", "delivered", ROUTE.costMicros],
    ["unknown", "unknown", ROUTE.costMicros],
    ["failed", "failed", 0],
  ] as const)(
    "L23: where nobody says what it cost, %s is booked as the route's upper cost, a failure as none",
    async ([, state, cost]) => {
      const { runId } = await aRunAtWork(database.db);
      await begin(runId, 0);
      await finish(runId, 0, state);
      expect(await rows(runId)).toMatchObject([{ state, costMicros: cost }]);
    },
  );

  test("W5: a zombie's late answer changes nothing that was booked as unknown (rule 5)", async () => {
    const { runId } = await aRunAtWork(database.db);
    await begin(runId, 0);
    expect(await Runs.giveUpAttempt(database.db, { runId, image: 0, n: 0, afterSeconds: 275 })).toBe(
      "started",
    );
    expect(await Runs.giveUpAttempt(database.db, { runId, image: 0, n: 0, afterSeconds: 0 })).toBe("unknown");
    for (const state of ["delivered", "failed", "waiting"] as const)
      expect(await finish(runId, 0, state, { costMicros: 1 })).toBe("unknown");
    expect(await rows(runId)).toMatchObject([{ state: "unknown", costMicros: ROUTE.costMicros }]);
    expect(await Runs.recordImage(database.db, storedImage(runId))).toBe("refused");
  });

  test("a provider's end is booked even after the run was settled: what it cost is known", async () => {
    const { runId } = await aRunAtWork(database.db);
    await begin(runId, 0);
    await Runs.settle(database.db, runId, "event");
    expect(await finish(runId, 0, "delivered", { costMicros: 5 })).toBe("delivered");
    expect(await Runs.recordImage(database.db, storedImage(runId))).toBe("refused");
  });

  test("W2: bytes that are no image fail their delivery, but never once it is recorded", async () => {
    const { runId } = await aRunAtWork(database.db, { count: 2 });
    await aDelivery(database.db, runId);
    expect(await finish(runId, 0, "failed", { error })).toBe("failed");
    expect(await Runs.recordImage(database.db, storedImage(runId))).toBe("refused");
    await aDelivery(database.db, runId, 0, 1);
    expect(await Runs.recordImage(database.db, storedImage(runId, 0, 1))).toBe("recorded");
    expect(await finish(runId, 1, "failed", { error })).toBe("delivered");
  });
});

describe("record", () => {
  test("W5: its own earlier record is found whatever has become of the hold, and no other attempt's is taken for it", async () => {
    const { runId } = await aRunAtWork(database.db);
    await aRecordedImage(database.db, runId);
    await Runs.settle(database.db, runId, "CommitCredits");
    expect(await Runs.recordImage(database.db, storedImage(runId))).toBe("recorded");
    expect(await Runs.recordImage(database.db, storedImage(runId, 0, 1))).toBe("refused");
  });

  test("W2: sixteen StoreImages of one attempt record it once", async () => {
    const { runId } = await aRunAtWork(database.db);
    await aDelivery(database.db, runId);
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => Runs.recordImage(database.db, storedImage(runId))),
    );
    expect(new Set(answers)).toEqual(new Set(["recorded"]));
    expect(await Runs.settle(database.db, runId, "CommitCredits")).toMatchObject({ charged: 4 });
  });

  test("nothing is recorded of an attempt that delivered nothing, or of a run that is not there", async () => {
    const { runId } = await aRunAtWork(database.db);
    await aCall(database.db, runId);
    expect(await Runs.recordImage(database.db, storedImage(runId))).toBe("refused");
    expect(await Runs.recordImage(database.db, storedImage("gen_never-1"))).toBe("refused");
  });
});
