import { Status } from "@imgpilot/contract/status";
import { expect, test } from "vitest";
import type { RouteHealth } from "./health.ts";
import { status } from "./status.ts";

const NOW = new Date("2026-11-24T12:00:00Z");
const NANO = {
  id: "nano",
  name: "Nano",
  routes: [
    { provider: "google" as const, upstream: "gemini-a", costs: {} },
    { provider: "fal" as const, upstream: "fal-a", costs: {} },
  ],
};
const row = (facts: Partial<RouteHealth>): RouteHealth => ({
  hours: 1,
  provider: "google",
  upstream: "gemini-a",
  product: "nano",
  calls: 10,
  delivered: 10,
  blocked: 0,
  refused: 0,
  failed: 0,
  p50Seconds: 8.04,
  p95Seconds: 21.26,
  spendMicros: 123_456,
  ...facts,
});
const told = (...rows: RouteHealth[]) => status(rows, NOW, [NANO]).models[0];

test.each([
  [{ delivered: 9, failed: 1 }, "good"],
  [{ delivered: 8, failed: 2 }, "degraded"],
  [{ delivered: 4, failed: 6 }, "down"],
  [{ calls: 4, delivered: 0, failed: 4 }, "unknown"],
  [{ calls: 30, delivered: 9, failed: 1, blocked: 20 }, "good"],
])("a provider that did %j in the last hour is %s", (facts, condition) => {
  expect(told(row(facts))?.providers[0]?.condition).toBe(condition);
});

test("a model is as well as the best of those who draw it", () => {
  const down = row({ delivered: 0, failed: 10 });
  expect(told(down)?.condition).toBe("unknown");
  expect(told(down, row({ provider: "fal", upstream: "fal-a" }))?.condition).toBe("good");
  expect(told(down, row({ provider: "fal", upstream: "fal-a", delivered: 0, failed: 10 }))?.condition).toBe(
    "down",
  );
});

test("shares and times are told by hour and by day, and neither counts, money nor upstream ids", () => {
  const answer = status([row({ calls: 20, blocked: 5, failed: 5 }), row({ hours: 24 })], NOW, [NANO]);
  expect(Status.parse(answer)).toEqual(answer);
  expect(answer.models[0]?.providers[0]).toEqual({
    provider: "google",
    condition: "degraded",
    lastHour: { delivered: 0.667, blocked: 0.25, p50Seconds: 8, p95Seconds: 21.3 },
    lastDay: { delivered: 1, blocked: 0, p50Seconds: 8, p95Seconds: 21.3 },
  });
  expect(JSON.stringify(answer)).not.toMatch(/gemini|123|spend|calls|cost/i);
});
