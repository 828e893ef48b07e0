import type { Entry, Receipt } from "@imgpilot/contract/generations";
import { describe, expect, test } from "vitest";
import { generationOf, NOON } from "./generation.fixture.ts";
import { secondsOf, sumsOf } from "./receipt.ts";

const entry = (from: string, to: string, amount: number): Entry => ({
  id: 1,
  kind: "run",
  grant: "grt_1",
  hold: "gen_1-0",
  from,
  to,
  amount,
  at: NOON,
});
const receipt = (more: Partial<Receipt>): Receipt => ({
  ...generationOf().receipt,
  settledAt: NOON,
  ...more,
});

describe("promise C7: a receipt adds up by its own entries", () => {
  const entries = [
    entry("remaining", "held", 10),
    entry("remaining", "held", 6),
    entry("held", "consumed", 12),
    entry("held", "remaining", 4),
  ];

  test("over several grants and both ways out", () => {
    expect(sumsOf(receipt({ held: 16, charged: 12, returned: 4, entries }))).toEqual({
      held: 16,
      charged: 12,
      returned: 4,
      addsUp: true,
    });
  });

  test("not when an entry is missing or a figure differs from them", () => {
    expect(sumsOf(receipt({ held: 16, charged: 12, returned: 4, entries: entries.slice(1) })).addsUp).toBe(
      false,
    );
    expect(sumsOf(receipt({ held: 16, charged: 11, returned: 5, entries })).addsUp).toBe(false);
  });

  test("not when it is settled and credits are still held", () => {
    const held = { held: 16, charged: 0, returned: 0, entries: entries.slice(0, 2) };
    expect(sumsOf(receipt(held)).addsUp).toBe(false);
    expect(sumsOf(receipt({ ...held, settledAt: null })).addsUp).toBe(true);
  });

  test("what came back as expired was returned, not charged", () => {
    const expired = [entry("remaining", "held", 4), entry("held", "expired", 4)];
    expect(sumsOf(receipt({ held: 4, charged: 0, returned: 4, entries: expired })).addsUp).toBe(true);
  });
});

test("an attempt's seconds are to a tenth, and none while it runs", () => {
  expect(secondsOf({ startedAt: NOON, endedAt: "2026-03-01T12:00:09.849Z" })).toBe(9.8);
  expect(secondsOf({ startedAt: NOON, endedAt: null })).toBeNull();
});
