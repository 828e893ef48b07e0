import { findModel } from "@imgpilot/contract/catalogue";
import { CreateGeneration } from "@imgpilot/contract/generations";
import { cardOf, type ModelCard } from "@imgpilot/contract/models";
import { describe, expect, test } from "vitest";
import {
  fit,
  type Order,
  priceOf,
  qualitiesOf,
  receiversOf,
  requestOf,
  resolutionsOf,
  startingOrder,
} from "./order.ts";

const card = (id: string): ModelCard => {
  const model = findModel(id);
  if (!model) throw new Error(`no model ${id}`);
  return cardOf(model);
};
const banana = card("nano-banana-2.1");
const flux = card("flux-kontext-pro");
// Each with one provider, which is then theirs to be told.
const models = [
  { ...banana, providers: ["google"] },
  { ...flux, providers: ["bfl"] },
];
const order: Order = {
  ...startingOrder(banana),
  prompt: "a fox",
  aspectRatio: "4:5",
  resolution: "2K",
  count: 4,
};

describe("a switch of model", () => {
  test("says what had to give way, and keeps the rest", () => {
    const { order: fitted, dropped } = fit(order, flux, 3);
    expect(dropped).toEqual(["ratio", "resolution", "references"]);
    expect(fitted).toEqual({ ...order, model: "flux-kontext-pro", aspectRatio: "1:1", resolution: "1K" });
  });

  test("drops nothing where the model can do it all", () => {
    expect(fit({ ...order, resolution: "1K", aspectRatio: "16:9" }, flux, 1).dropped).toEqual([]);
  });

  test("makes fewer images where the model makes fewer", () => {
    const { order: fitted, dropped } = fit(order, { ...banana, maxCount: 2 });
    expect([fitted.count, dropped]).toEqual([2, ["count"]]);
  });

  test("counts every reference as one too many for a model that takes none", () => {
    expect(fit(order, { ...banana, modes: ["text-to-image"] }, 1).dropped).toEqual(["references"]);
  });
});

describe("quality", () => {
  const gpt = card("gpt-image-2");
  const high: Order = { ...order, quality: "high", count: 1 };

  test("is a choice only where the model has it, and has a price of its own", () => {
    expect([qualitiesOf(gpt), qualitiesOf(banana)]).toEqual([["low", "medium", "high"], []]);
    const prices = ([null, "low", "high"] as const).map((quality) => priceOf({ ...high, quality }, gpt));
    expect(new Set(prices).size).toBe(3);
    expect(priceOf({ ...high, quality: "medium" }, gpt)).toBe(prices[0]);
  });

  test("that a model does not know gives way, and is not sent; an unchosen one is never missed", () => {
    expect(fit(high, banana)).toMatchObject({ order: { quality: null }, dropped: ["quality"] });
    expect(fit({ ...high, quality: null }, banana).dropped).toEqual([]);
    expect(fit(high, gpt).order.quality).toBe("high");
    expect(requestOf(high, [], 9)).toMatchObject({ quality: "high" });
    expect(requestOf({ ...high, quality: null }, [], 9)).not.toHaveProperty("quality");
  });
});

test("references that cost something are in the price, of every image", () => {
  const flux2 = card("flux-2-pro");
  const two = { resolution: "1K", quality: null, count: 2 } as const;
  expect(priceOf(two, flux2, 3)).toBe(2 * (3 + 3 * 2));
  expect(priceOf(two, banana, 3)).toBe(8);
});

test("the price is that of every image, and none where the resolution is not offered", () => {
  expect(priceOf(order, banana)).toBe(24);
  expect(priceOf(order, flux)).toBeNull();
  expect(resolutionsOf(banana)).toEqual(["1K", "2K", "4K"]);
});

describe("promise C3: who may get the prompt", () => {
  const both = { ...flux, providers: ["bfl", "fal"] };

  test("the first provider alone, without a fallback", () => {
    expect(receiversOf({ ...order, model: flux.id, fallback: "none" }, [banana, both])).toEqual(["bfl"]);
  });

  test("all providers of the model, with one", () => {
    expect(receiversOf({ ...order, model: flux.id, fallback: "same-model" }, [banana, both])).toEqual([
      "bfl",
      "fal",
    ]);
  });

  test("those of other models only where they can do the whole request", () => {
    const any: Order = { ...order, fallback: "any-model" };
    expect(receiversOf(any, models)).toEqual(["google"]);
    expect(receiversOf({ ...any, aspectRatio: "1:1", resolution: "1K" }, models)).toEqual(["google", "bfl"]);
    expect(receiversOf({ ...any, aspectRatio: "1:1", resolution: "1K" }, models, 2)).toEqual(["google"]);
  });
});

test("what is sent is what the contract takes, with the price on the button as its limit", () => {
  const request = requestOf({ ...order, prompt: "  a fox " }, ["upl_1"], 24);
  expect(CreateGeneration.parse(request)).toMatchObject({
    prompt: "a fox",
    references: ["upl_1"],
    maxCredits: 24,
  });
});
