import type { Model } from "@imgpilot/contract/catalogue";
import { describe, expect, test } from "vitest";
import type { RunRoute } from "../runs/index.ts";
import { type RoutableOrder, routesFor } from "./routes.ts";
import { FLUX, failedWith, GOOGLE, situation, VERTEX } from "./verdict.fixture.ts";
import { candidatesOf, submitMove } from "./verdict.ts";

/** Guards that a block is never a reason to ask around, unless an owner named whom to ask, and a person let them. */
const AFTER: RunRoute = { ...FLUX, only: "moderated" };
const blocked = (errorStage: "input" | "output" | null, facts = {}) =>
  failedWith("moderated", { errorStage, ...facts });
const next = (rows: Parameters<typeof situation>[0], routes: RunRoute[]) => {
  const move = submitMove(situation(rows, routes), rows.length);
  return move.kind === "call" ? move.route : null;
};

describe("after a block", () => {
  test.each(["input", "output", null] as const)("of stage %s, no ordinary route is called", (stage) => {
    expect(next([blocked(stage)], [GOOGLE, VERTEX, FLUX])).toBeNull();
  });

  test.each([
    ["output", AFTER],
    [null, AFTER],
    ["input", null],
  ] as const)("of stage %s, one that is there for blocks is: %j", (stage, route) => {
    expect(next([blocked(stage)], [GOOGLE, VERTEX, AFTER])).toEqual(route);
  });

  test("each of those is called once", () => {
    const other: RunRoute = { ...AFTER, upstream: "flux-max" };
    const rows = [blocked("output"), blocked("output", { route: AFTER })];
    expect(next(rows, [GOOGLE, AFTER, other])).toEqual(other);
    expect(next([...rows, blocked("output", { route: other })], [GOOGLE, AFTER, other])).toBeNull();
  });

  test("they are for nothing else, and no breaker leads to them", () => {
    expect(next([failedWith("quota")], [GOOGLE, AFTER])).toBeNull();
    expect(candidatesOf(situation([], [GOOGLE, VERTEX, AFTER]), GOOGLE)).toEqual([GOOGLE, VERTEX]);
  });
});

describe("the list of models that are asked after a block", () => {
  const model = (id: string, facts: Partial<Model> = {}): Model => ({
    id,
    name: id,
    maker: id,
    modes: ["text-to-image"],
    aspectRatios: ["1:1"],
    prices: { "1K": 4 },
    maxCount: 4,
    references: { max: 0, types: [], maxBytes: 0, price: 0 },
    seed: true,
    routes: [{ provider: "google", upstream: `${id}-a`, costs: { "1K": 1 } }],
    ...facts,
  });
  const catalogue = [model("one"), model("two"), model("blind", { aspectRatios: ["16:9"] })];
  const order = (fallback: RoutableOrder["fallback"]): RoutableOrder => ({
    model: "one",
    aspectRatio: "1:1",
    resolution: "1K",
    count: 1,
    references: [],
    fallback,
  });
  const forBlocks = (fallback: RoutableOrder["fallback"], afterBlock: Record<string, string[]> = {}) =>
    routesFor(order(fallback), { catalogue, settings: { off: [], afterBlock } })
      .filter(({ only }) => only === "moderated")
      .map(({ upstream }) => upstream);

  test("is empty, unless somebody fills it", () => {
    expect(forBlocks("any-model")).toEqual([]);
  });

  test("counts where any model is permitted, and for models that can do the whole order", () => {
    const afterBlock = { one: ["blind", "two"] };
    expect(forBlocks("any-model", afterBlock)).toEqual(["two-a"]);
    expect(forBlocks("same-model", afterBlock)).toEqual([]);
    expect(forBlocks("none", afterBlock)).toEqual([]);
  });
});
