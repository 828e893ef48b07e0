import {
  LOWEST_CREDIT_MICROS,
  MODELS,
  type Model,
  type Resolution,
  type Route,
} from "@imgpilot/contract/catalogue";
import { describe, expect, test } from "vitest";
import { type RoutableOrder, retiredRoutes, routesFor } from "./routes.ts";

const model = (id: string, facts: Partial<Model> = {}): Model => ({
  id,
  name: id,
  maker: id,
  modes: ["text-to-image", "image-to-image"],
  aspectRatios: ["1:1", "16:9"],
  prices: { "1K": 4, "2K": 6 },
  maxCount: 4,
  references: { max: 2, types: ["image/png"], maxBytes: 1_000, price: 0 },
  seed: true,
  routes: [
    { provider: "google", upstream: `${id}-a`, costs: { "1K": 1, "2K": 10 } },
    { provider: "bfl", upstream: `${id}-b`, costs: { "1K": 2, "2K": 20 } },
  ],
  ...facts,
});
const order = (facts: Partial<RoutableOrder> = {}): RoutableOrder => ({
  model: "one",
  aspectRatio: "1:1",
  resolution: "1K",
  count: 1,
  references: [],
  fallback: "any-model",
  ...facts,
});
const png = { contentType: "image/png", bytes: 10 };
const upstreams = (asked: RoutableOrder, others: Model[] = [model("two")]) =>
  routesFor(asked, { catalogue: [...others, model("one")] }).map(({ upstream }) => upstream);

describe("who may be called (promise C3: only providers that the person allowed)", () => {
  test("the model's own routes come first, wherever it stands in the catalogue", () => {
    expect(upstreams(order())).toEqual(["one-a", "one-b", "two-a", "two-b"]);
  });

  test("those who were not asked before come first of the others: an outage is mostly one provider's", () => {
    const three = model("three", { routes: [{ provider: "xai", upstream: "three-a", costs: { "1K": 1 } }] });
    expect(upstreams(order(), [model("two"), three])).toEqual([
      "one-a",
      "one-b",
      "three-a",
      "two-a",
      "two-b",
    ]);
  });

  test("a model that costs us more than is paid does not stand in", () => {
    const dear = (cost: number) =>
      model("two", { routes: [{ provider: "xai", upstream: "two-a", costs: { "1K": cost } }] });
    expect(upstreams(order(), [dear(4 * LOWEST_CREDIT_MICROS)])).toContain("two-a");
    expect(upstreams(order(), [dear(4 * LOWEST_CREDIT_MICROS + 1)])).toEqual(["one-a", "one-b"]);
  });

  test("same-model: no other model", () => {
    expect(upstreams(order({ fallback: "same-model" }))).toEqual(["one-a", "one-b"]);
  });

  test("none: one route", () => {
    expect(upstreams(order({ fallback: "none" }))).toEqual(["one-a"]);
  });

  const unable: [string, Partial<RoutableOrder>, Partial<Model>][] = [
    ["the ratio", { aspectRatio: "16:9" }, { aspectRatios: ["1:1"] }],
    ["the resolution", { resolution: "2K" }, { prices: { "1K": 1 } }],
    ["the count", { count: 3 }, { maxCount: 2 }],
    ["a seed", { seed: 7 }, { seed: false }],
    ["the mode", { references: [png] }, { modes: ["text-to-image"] }],
    ["drawing without a reference", {}, { modes: ["image-to-image"] }],
    [
      "that many references",
      { references: [png, png] },
      { references: { max: 1, types: ["image/png"], maxBytes: 1_000, price: 0 } },
    ],
    [
      "a reference's type",
      { references: [png] },
      { references: { max: 2, types: ["image/webp"], maxBytes: 1_000, price: 0 } },
    ],
    [
      "a reference's size",
      { references: [png] },
      { references: { max: 2, types: ["image/png"], maxBytes: 9, price: 0 } },
    ],
  ];
  test.each(unable)("a model that cannot do %s is no fallback", (_, asked, facts) => {
    expect(upstreams(order(asked), [model("two", facts)])).toEqual(["one-a", "one-b"]);
    expect(upstreams(order(asked))).toContain("two-a");
  });

  test("a route says which product it draws, so that the receipt can", () => {
    expect(routesFor(order(), { catalogue: [model("one")] })[0]).toEqual({
      provider: "google",
      upstream: "one-a",
      product: "one",
      costMicros: 1,
    });
  });

  test("every model of the catalogue can be called for each resolution that it offers", () => {
    for (const { id, prices } of MODELS)
      for (const resolution of Object.keys(prices) as Resolution[]) {
        const [first] = routesFor(order({ model: id, resolution, fallback: "none" }));
        expect(first, `${id} in ${resolution}`).toMatchObject({ product: id });
      }
  });
});

const alone = (facts: Partial<Route>): Model =>
  model("one", { routes: [{ provider: "google", upstream: "old", costs: { "1K": 5 }, ...facts }] });
const called = (asked: RoutableOrder, facts: Partial<Route>, today = "2026-11-22T12:00:00Z") =>
  routesFor(asked, { catalogue: [alone(facts)], today: new Date(today) });

describe("what a route stands for", () => {
  test("only routes that draw what is asked for are called, each at the cost of that", () => {
    expect(called(order({ resolution: "2K" }), {})).toEqual([]);
    expect(called(order({ aspectRatio: "16:9" }), { aspectRatios: ["1:1"] })).toEqual([]);
    expect(routesFor(order({ resolution: "2K" }), { catalogue: [model("one")] })).toMatchObject([
      { costMicros: 10 },
      { costMicros: 20 },
    ]);
  });

  test("each reference adds its cost, and the quality goes along with the call", () => {
    const asked = order({ references: [png, png] });
    expect(called(asked, { referenceCost: 7, quality: "high" })).toEqual([
      { provider: "google", upstream: "old", product: "one", costMicros: 19, quality: "high" },
    ]);
  });

  test("of several qualities the one that is asked for is drawn, or else the usual one", () => {
    const two = model("one", {
      quality: { usual: "low", prices: { high: { "1K": 9 } } },
      routes: (["low", "high"] as const).map((quality) => ({
        provider: "openai",
        upstream: "one-a",
        costs: { "1K": 1 },
        quality,
      })),
    });
    const drawn = (facts: Partial<RoutableOrder>) =>
      routesFor(order(facts), { catalogue: [two] }).map(({ quality }) => quality);
    expect([drawn({}), drawn({ quality: "high" })]).toEqual([["low"], ["high"]]);
    expect(upstreams(order({ quality: "high" }), [model("two")])).not.toContain("two-a");
  });

  test.each([
    ["the day before", "2026-11-30T23:59:59Z", ["old", "new"], 0],
    ["from the day on", "2026-12-01T00:00:00Z", ["new"], 1],
  ])("%s, a retired id is told to operators and is not called", (_, today, ids, told) => {
    const facts = { retiresOn: "2026-12-01", successor: "new" };
    for (const fallback of ["none", "same-model"] as const)
      expect(called(order({ fallback }), facts, today).map(({ upstream }) => upstream)).toEqual(ids);
    expect(retiredRoutes(alone(facts), new Date(today))).toHaveLength(told);
  });

  test("one that has retired and left nobody is not called", () => {
    expect(called(order(), { retiresOn: "2026-11-22" })).toEqual([]);
  });
});
