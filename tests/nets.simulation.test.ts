import { Generations } from "@imgpilot/core/generations";
import { expect, test, vi } from "vitest";
import { booksOf } from "./simulation/books.ts";
import { DEPLOYED } from "./simulation/cloud.ts";
import { freshLanes, type Lane } from "./simulation/lane.ts";
import { QUEUED } from "./simulation/scenarios.ts";
import { stage } from "./simulation/stage.ts";

/** The nets below the workflow (rules 7 and 9), each where nothing but it is left. */
vi.mock("node:timers/promises", () => import("./simulation/timers.ts"));

const lanes = freshLanes(1);
const lane = (): Lane => lanes[0] as Lane;

test("L14: a run that nobody ever starts is refunded after a day in the queue", async () => {
  const { books } = await stage(lane(), { faults: [[/ run_claim#/, "fails"]] });
  expect(books.runs).toMatchObject([
    { dispatched: null, outcome: "failed", settled_by: "sweeper", charged: 0 },
  ]);
});

test("a run that was claimed, and whose start was lost, is started by the sweeper within minutes", async () => {
  const { books, world } = await stage(lane(), { faults: [[/^request#1 start/, "fails"]] });
  expect(world.gate.trace.map(({ label }) => label)).toContain("sweep#1 start#1");
  expect(books.runs).toMatchObject([{ outcome: "succeeded", charged: 4 }]);
});

test("a run that cannot be started is refunded at its deadline, and a start that lands later draws nothing", async () => {
  const { books, world } = await stage(lane(), {
    faults: [
      [/^request#1 start/, "is late by"],
      [/ start#/, "fails"],
    ],
  });
  expect(books.runs).toMatchObject([{ outcome: "failed", settled_by: "sweeper" }]);
  expect(world.cloud.executions.size).toBe(1);
  expect(world.providers.calls).toEqual([]);
});

test("an execution that is slow is left at work by the sweeper, and delivers (W3)", async () => {
  const { books, world } = await stage(lane(), { scenario: QUEUED, slowness: 45 });
  expect(world.gate.trace.map(({ label }) => label)).toContain("sweep#1 call#1");
  expect((books.runs[0]?.settled ?? 0) - (books.runs[0]?.dispatched ?? 0)).toBeGreaterThan(300);
  expect(books.runs).toMatchObject([{ outcome: "succeeded", settled_by: "CommitCredits" }]);
});

test("W4: a provider's answer that the database did not take five times is written again, and nothing is drawn twice", async () => {
  const { books, world } = await stage(lane(), {
    faults: [[/^SubmitImage\[0\]#1 attempt_finish#[1-5]$/, "fails"]],
  });
  expect(books.runs).toMatchObject([{ outcome: "succeeded", charged: 4 }]);
  expect(world.providers.calls).toHaveLength(1);
});

test("W9: CommitCredits fails for an hour and more; the sweeper settles, and the image is kept and charged", async () => {
  const { books, world } = await stage(lane(), {
    faults: [
      [/^(Commit|Refund)Credits#\d+ call/, "is throttled"],
      [/^EventBridge/, "is lost"],
    ],
  });
  expect([...world.cloud.executions.values()]).toMatchObject([{ status: "FAILED" }]);
  expect(books.runs).toMatchObject([
    { outcome: "succeeded", recorded: 1, charged: 4, settled_by: "sweeper" },
  ]);
});

test.each([
  ["heard", [], "event"],
  ["lost", [[/^EventBridge/, "is lost"]], "sweeper"],
] as const)(
  "W3: the machine runs out of its own time, which no Catch sees, and its event is %s",
  async (_, faults, by) => {
    // The first wait takes longer than the 3,600 seconds of the machine.
    const { books, world } = await stage(lane(), { scenario: QUEUED, slowness: 2_000, faults });
    expect([...world.cloud.executions.values()]).toMatchObject([{ status: "TIMED_OUT" }]);
    expect(books.runs).toMatchObject([{ outcome: "failed", charged: 0, settled_by: by }]);
  },
);

test("an execution that outlives its hold is stopped and then settled, as expired (rule 9)", async () => {
  const { TimeoutSeconds: _, ...definition } = DEPLOYED;
  const { books, world } = await stage(lane(), { scenario: QUEUED, slowness: 4_000, definition });
  expect([...world.cloud.executions.values()]).toMatchObject([{ status: "ABORTED" }]);
  expect(books.runs).toMatchObject([{ outcome: "failed", hold: "expired", settled_by: "sweeper" }]);
});

test("W10: an execution that is redriven after the sweeper has settled its run charges and returns nothing more", async () => {
  const faults: [RegExp, string][] = [
    [/^(Commit|Refund)Credits#\d+ call/, "is throttled"],
    [/^EventBridge/, "is lost"],
  ];
  const { books, world, accountId } = await stage(lane(), { faults });
  const [run] = books.runs;
  expect(run).toMatchObject({ settled_by: "sweeper", charged: 4 });
  const id = run?.id ?? "";
  expect(await Generations.redrive(world.ctx, id)).toEqual({ redriven: false, why: "settled" });

  // With AWS's own console, say, which does not ask us.
  faults.length = 0;
  await world.ctx.workflow.redrive(id);
  await world.clock.drain();
  expect(world.cloud.executions.get(id)?.walked?.path).toEqual([
    "RefundCredits",
    "Outcome",
    "GenerationSucceeded",
  ]);
  const after = await booksOf(lane(), [accountId]);
  expect({ ...after, deletions: [] }).toEqual({ ...books, deletions: [] });
});
