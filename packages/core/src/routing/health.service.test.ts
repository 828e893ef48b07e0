import { aCall, aRunAtWork, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, expect, test } from "vitest";
import { type AttemptEnd, Runs } from "../runs/index.ts";
import { Routing } from "./index.ts";

/** Guards that health is what our own attempts were, each counted once, in its own hour and day. */
const database = freshDatabase();
afterEach(() => expectBalancedBooks(database.db));

type End = Omit<AttemptEnd, "runId" | "image" | "n"> & { agoHours?: number; tookSeconds?: number };

/** Ended attempts of one model, each of its own run; when and for how long is set behind the verbs' backs. */
async function attempts(ends: readonly End[]): Promise<void> {
  for (const { agoHours = 0, tookSeconds = 10, ...end } of ends) {
    const { runId } = await aRunAtWork(database.db);
    await aCall(database.db, runId);
    await Runs.finishAttempt(database.db, { runId, image: 0, n: 0, ...end });
    await database.owner`
      update run_attempt set started_at = now() - make_interval(hours => ${agoHours}),
        ended_at = now() - make_interval(hours => ${agoHours}) + make_interval(secs => ${tookSeconds})
      where run_id = ${runId}`;
  }
}
const failedAs = (kind: NonNullable<AttemptEnd["error"]>["kind"], facts: Partial<End> = {}): End => ({
  state: "failed",
  error: { kind, stage: null, reason: null, retryAfterSeconds: null },
  ...facts,
});

test("deliveries, blocks, refusals and failures are told apart, with times and spend, by hour and day", async () => {
  await attempts([
    { state: "delivered", costMicros: 30_000, tookSeconds: 10 },
    { state: "delivered", costMicros: 30_000, tookSeconds: 20 },
    { state: "delivered", costMicros: 30_000, tookSeconds: 30 },
    failedAs("moderated", { costMicros: 5_000 }),
    failedAs("invalid_input"),
    failedAs("overloaded"),
    { state: "unknown", error: { kind: "timeout", stage: null, reason: null, retryAfterSeconds: null } },
    { state: "delivered", costMicros: 30_000, agoHours: 3, tookSeconds: 100 },
    failedAs("overloaded", { agoHours: 30 }),
  ]);
  const { runId } = await aRunAtWork(database.db);
  await aCall(database.db, runId); // Under way: it says nothing yet.

  const route = { provider: "google", upstream: "test-model", product: "nano-banana-2.1" };
  const lastHour = {
    calls: 7,
    delivered: 3,
    blocked: 1,
    refused: 1,
    failed: 2,
    p50Seconds: 20,
    p95Seconds: 29,
  };
  expect(await Routing.health(database.db)).toEqual([
    { ...route, hours: 1, ...lastHour, spendMicros: 128_600 },
    {
      ...route,
      hours: 24,
      ...lastHour,
      calls: 8,
      delivered: 4,
      p50Seconds: 25,
      p95Seconds: expect.closeTo(89.5, 5),
      spendMicros: 158_600,
    },
  ]);
});

test("the day is found by index, however long the past is", async () => {
  const plan = await database.owner.begin(async (tx) => {
    await tx`set local enable_seqscan = off`;
    return tx`explain select from run_attempt where started_at >= now() - interval '1 day'`;
  });
  expect(JSON.stringify(plan)).toContain("run_attempt_recent");
});
