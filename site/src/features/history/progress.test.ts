import type { ReceiptRun } from "@imgpilot/contract/generations";
import { describe, expect, test } from "vitest";
import { attemptOf, entryOf, generationOf, imageOf, NOON, runOf } from "./generation.fixture.ts";
import {
  canTryAgain,
  elapsedSeconds,
  heldNow,
  laterOf,
  newsBetween,
  phaseStart,
  pollAfter,
} from "./progress.ts";

const noon = Date.parse(NOON);

describe("the seconds on a tile", () => {
  const receipt = {
    ...generationOf().receipt,
    attempts: [attemptOf(), attemptOf({ n: 2, startedAt: "2026-03-01T12:00:20.000Z" })],
  };

  test("count from the attempt under way", () => {
    expect(phaseStart(generationOf({ receipt }), imageOf({ attempt: 2 }))).toBe(noon + 20_000);
  });

  test("count from the request while no call is under way, or where the attempts are not known", () => {
    expect(phaseStart(generationOf({ receipt }), imageOf({ state: "queued", attempt: 0 }))).toBe(noon);
    const { receipt: _, ...listed } = generationOf({ receipt });
    expect(phaseStart(listed, imageOf({ attempt: 2 }))).toBe(noon);
  });

  test("count from its own run where an image is drawn again, and from the press until that calls anybody", () => {
    const later = "2026-03-01T13:00:00.000Z";
    const again = {
      ...receipt,
      attempts: [...receipt.attempts, attemptOf({ run: 2, startedAt: "2026-03-01T13:00:05.000Z" })],
      entries: [entryOf("remaining", "held", NOON), entryOf("remaining", "held", later)],
    };
    expect(phaseStart(generationOf({ receipt: again }), imageOf())).toBe(noon + 3_605_000);
    expect(phaseStart(generationOf({ receipt: again }), imageOf({ state: "queued", attempt: 0 }))).toBe(
      noon + 3_600_000,
    );
    expect(pollAfter(generationOf({ receipt: again }), noon + 3_601_000)).toBe(1_200);
  });

  test("are whole and never below zero, whatever the clocks say", () => {
    expect(elapsedSeconds(noon, noon + 1_999)).toBe(1);
    expect(elapsedSeconds(noon, noon - 5_000)).toBe(0);
  });
});

test("a young generation is asked for often, a waiting or an old one seldom", () => {
  expect(pollAfter(generationOf(), noon + 1_000)).toBe(1_200);
  expect(pollAfter(generationOf(), noon + 61_000)).toBe(3_000);
  expect(pollAfter(generationOf({ state: "queued" }), noon)).toBe(2_500);
});

describe("what is said aloud", () => {
  const before = generationOf({ images: [imageOf(), imageOf({ n: 1 }), imageOf({ n: 2 })] });
  const failed = imageOf({ n: 1, state: "failed" });

  test("is each arrival and each failure, once", () => {
    const after = generationOf({ images: [imageOf({ state: "done" }), failed, imageOf({ n: 2 })] });
    expect(newsBetween(before, after)).toEqual([
      { is: "image-done", n: 0 },
      { is: "image-failed", n: 1, image: failed },
    ]);
    expect(newsBetween(after, after)).toEqual([]);
  });

  test("is one sentence for the whole at its end, beside the failures", () => {
    const images = [imageOf({ state: "done" }), failed, imageOf({ n: 2, state: "done" })];
    expect(newsBetween(before, generationOf({ state: "partial", images }))).toEqual([
      { is: "image-failed", n: 1, image: failed },
      { is: "ended", state: "partial", done: 2, count: 3 },
    ]);
  });
});

describe("of two looks at a generation", () => {
  const live = generationOf();
  const ended = generationOf({ state: "succeeded" });

  test("the later one holds", () => {
    const listed = { ...live };
    expect(laterOf({ data: live, at: 2 }, { data: listed, at: 1 })).toBe(live);
    expect(laterOf({ data: live, at: 1 }, { data: listed, at: 2 })).toBe(listed);
    expect(laterOf({ data: undefined, at: 0 }, { data: listed, at: 1 })).toBe(listed);
  });

  test("what has ended stays ended", () => {
    expect(laterOf({ data: ended, at: 1 }, { data: live, at: 2 })).toBe(ended);
    expect(laterOf({ data: live, at: 2 }, { data: ended, at: 1 })).toBe(ended);
  });

  test("until an image of it is drawn again, which the list is not asked about", () => {
    const again = withRuns([runOf(), runOf({ n: 2, settledAt: null })]);
    expect(laterOf({ data: again, at: 2 }, { data: ended, at: 1 })).toBe(again);
    expect(laterOf({ data: again, at: 1 }, { data: ended, at: 2 })).toBe(ended);
  });
});

const withRuns = (runs: readonly ReceiptRun[]) =>
  generationOf({
    images: [imageOf({ state: "failed" }), imageOf({ n: 1, state: "failed" })],
    receipt: { ...generationOf().receipt, runs: [...runs] },
  });

describe("an image can be drawn again", () => {
  const [first, second] = [imageOf({ state: "failed" }), imageOf({ n: 1, state: "failed" })];

  test("once it failed and its run is over, whatever another image's run does", () => {
    const generation = withRuns([runOf({ images: [0, 1] }), runOf({ n: 2, images: [0], settledAt: null })]);
    expect([first, second].map((image) => canTryAgain(generation, image))).toEqual([false, true]);
    expect(canTryAgain(generation, imageOf({ n: 1, state: "done" }))).toBe(false);
  });

  test("where its runs are not known, once nothing of the order moves", () => {
    const { receipt: _, ...listed } = generationOf({ state: "running" });
    expect(canTryAgain(listed, first)).toBe(false);
    expect(canTryAgain({ ...listed, state: "failed" }, first)).toBe(true);
  });
});

describe("what is set aside now", () => {
  test("is what the runs under way hold of the person's, not the order's price", () => {
    const settled = runOf({ held: 16 });
    const again = runOf({ n: 2, held: 4, settledAt: null });
    expect(heldNow(withRuns([settled, again]))).toBe(4);
    expect(heldNow(withRuns([settled, { ...again, paidBy: "goodwill" }]))).toBe(0);
  });

  test("is the order's price where only the list knows it, and nothing once it ended", () => {
    const { receipt: _, ...listed } = generationOf();
    expect(heldNow(listed)).toBe(4);
    expect(heldNow(generationOf({ state: "failed" }))).toBe(0);
  });
});
