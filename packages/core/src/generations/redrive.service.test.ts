import { aRecordedImage, aRunAtWork } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { expect, test } from "vitest";
import { newId } from "../ids.ts";
import { Runs } from "../runs/index.ts";
import type { Workflow } from "../runs/workflow.ts";
import { redrive } from "./redrive.ts";

const database = freshDatabase();

/** An engine whose executions all failed in `state`, or did not fail. */
function engine(state: string | null) {
  const redriven: string[] = [];
  const workflow: Workflow = {
    start: async () => {},
    stop: async () => {},
    state: async () => "ended",
    failedIn: async () => state,
    redrive: async (runId) => void redriven.push(runId),
  };
  return { ctx: { db: database.db, workflow }, redriven };
}

test.each(["CommitCredits", "RefundCredits"])(
  "an execution that failed in %s goes on from there, while its credits are held (W10)",
  async (state) => {
    const { runId } = await aRunAtWork(database.db);
    const { ctx, redriven } = engine(state);
    expect(await redrive(ctx, runId)).toEqual({ redriven: true });
    expect(redriven).toEqual([runId]);
  },
);

test.each([
  ["elsewhere", "DrawImages"],
  ["not-failed", null],
])("one is left alone, and it is said why: %s", async (why, state) => {
  const { runId } = await aRunAtWork(database.db);
  const { ctx, redriven } = engine(state);
  expect(await redrive(ctx, runId)).toEqual({ redriven: false, why });
  expect(redriven).toEqual([]);
});

test("one whose run is settled, or never was, is left alone whatever its state (W10)", async () => {
  const { runId } = await aRunAtWork(database.db);
  await aRecordedImage(database.db, runId);
  await Runs.settle(database.db, runId, "sweeper");
  const { ctx, redriven } = engine("RefundCredits");
  expect(await redrive(ctx, runId)).toEqual({ redriven: false, why: "settled" });
  expect(await redrive(ctx, `${newId("gen")}-1`)).toEqual({ redriven: false, why: "unknown" });
  expect(redriven).toEqual([]);
});
