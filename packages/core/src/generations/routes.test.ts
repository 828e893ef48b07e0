import { MODELS, type Model } from "@imgpilot/contract/catalogue";
import { describe, expect, test } from "vitest";
import { type RoutableOrder, routesFor } from "./routes.ts";

const model = (id: string, facts: Partial<Model> = {}): Model => ({
  id,
  name: id,
  maker: id,
  modes: ["text-to-image", "image-to-image"],
  aspectRatios: ["1:1", "16:9"],
  prices: { "1K": 4, "2K": 6 },
  maxCount: 4,
  references: { max: 2, types: ["image/png"], maxBytes: 1_000 },
  seed: true,
  routes: [
    { provider: "google", upstream: `${id}-a`, costMicros: 1 },
    { provider: "bfl", upstream: `${id}-b`, costMicros: 2 },
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
const upstreams = (asked: RoutableOrder, others: Model[] = [model("two")]) =>
  routesFor(asked, [...others, model("one")]).map(({ upstream }) => upstream);

describe("who may be called (promise C3: only providers that the person allowed)", () => {
  test("the model's own routes come first, wherever it stands in the catalogue", () => {
    expect(upstreams(order())).toEqual(["one-a", "one-b", "two-a", "two-b"]);
  });

  test("same-model: no other model", () => {
    expect(upstreams(order({ fallback: "same-model" }))).toEqual(["one-a", "one-b"]);
  });

  test("none: one route", () => {
    expect(upstreams(order({ fallback: "none" }))).toEqual(["one-a"]);
  });

  const png = { contentType: "image/png", bytes: 10 };
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
      { references: { max: 1, types: ["image/png"], maxBytes: 1_000 } },
    ],
    [
      "a reference's type",
      { references: [png] },
      { references: { max: 2, types: ["image/webp"], maxBytes: 1_000 } },
    ],
    [
      "a reference's size",
      { references: [png] },
      { references: { max: 2, types: ["image/png"], maxBytes: 9 } },
    ],
  ];
  test.each(unable)("a model that cannot do %s is no fallback", (_, asked, facts) => {
    expect(upstreams(order(asked), [model("two", facts)])).toEqual(["one-a", "one-b"]);
    expect(upstreams(order(asked))).toContain("two-a");
  });

  test("a route says which product it draws, so that the receipt can", () => {
    expect(routesFor(order(), [model("one")])[0]).toEqual({
      provider: "google",
      upstream: "one-a",
      product: "one",
      costMicros: 1,
    });
  });

  test("every model of the catalogue can be called for what it offers", () => {
    for (const { id } of MODELS) expect(routesFor(order({ model: id, fallback: "none" }))).toHaveLength(1);
  });
});
