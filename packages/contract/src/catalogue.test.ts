import { describe, expect, test } from "vitest";
import {
  findModel,
  imageCost,
  imagePrice,
  LOWEST_CREDIT_MICROS,
  MODELS,
  QUALITIES,
  type Quality,
  RESOLUTIONS,
  type Resolution,
} from "./catalogue.ts";
import { cardOf, ModelList } from "./models.ts";

/** Every way to draw every model: by which route, in which resolution, with none and with all references. */
const ways = MODELS.flatMap((model) =>
  model.routes.flatMap((route) =>
    RESOLUTIONS.flatMap((resolution) =>
      [0, model.references.max].map((references) => {
        const quality = model.quality ? route.quality : undefined;
        return { model, route, way: { resolution, quality, references } };
      }),
    ),
  ),
);

describe("prices", () => {
  test("no image is sold below our cost, by any route, at what a credit is worth at least", () => {
    const losses = ways.filter(({ model, route, way }) => {
      const credits = imagePrice(model, way) ?? 0;
      return (imageCost(route, way) ?? 0) > credits * LOWEST_CREDIT_MICROS;
    });
    expect(losses.map(({ model, route, way }) => ({ model: model.id, ...route, ...way }))).toEqual([]);
  });

  test("whatever has a price can be drawn, and whatever is drawn has a price", () => {
    for (const { model, route, way } of ways)
      if (imageCost(route, way) !== null) expect(imagePrice(model, way), model.id).not.toBeNull();
    for (const model of MODELS)
      for (const quality of [undefined, ...QUALITIES])
        for (const resolution of RESOLUTIONS) {
          if (imagePrice(model, { resolution, quality, references: 0 }) === null) continue;
          const drawn = model.quality && (quality ?? model.quality.usual);
          const routes = model.routes.filter((route) => !drawn || route.quality === drawn);
          expect(
            routes.some(({ costs }) => resolution in costs),
            `${model.id} ${resolution} ${quality}`,
          ).toBe(true);
        }
  });

  test("a reference adds its price, and a resolution that is not offered has none", () => {
    const priced = { prices: { "1K": 3 }, references: { price: 2 } };
    expect(imagePrice(priced, { resolution: "1K", references: 0 })).toBe(3);
    expect(imagePrice(priced, { resolution: "1K", references: 4 })).toBe(11);
    expect(imagePrice(priced, { resolution: "4K", references: 1 })).toBeNull();
  });
});

test("a quality has its own prices, the usual one is had unasked, and one that is not known has none", () => {
  const priced = {
    prices: { "1K": 3 },
    quality: { usual: "low", prices: { high: { "1K": 9 } } },
    references: { price: 0 },
  } as const;
  const price = (quality?: Quality) => imagePrice(priced, { resolution: "1K", quality, references: 0 });
  expect([price(), price("low"), price("high"), price("medium")]).toEqual([3, 3, 9, null]);
});

describe("models", () => {
  test("each has an id of its own, by which it is found", () => {
    expect(new Set(MODELS.map(({ id }) => id)).size).toBe(MODELS.length);
    for (const model of MODELS) expect(findModel(model.id)).toBe(model);
    expect(findModel("nobody")).toBeUndefined();
  });

  test("each can be called today, first at its own maker", () => {
    const makers = { Google: "google", "Black Forest Labs": "bfl", OpenAI: "openai", xAI: "xai" };
    for (const { maker, routes } of MODELS)
      expect(routes[0]?.provider).toBe(makers[maker as keyof typeof makers]);
  });

  test("a route draws no ratio that its model does not, and names its day of retirement as a date", () => {
    for (const { routes, aspectRatios } of MODELS)
      for (const route of routes) {
        expect(aspectRatios).toEqual(expect.arrayContaining([...(route.aspectRatios ?? [])]));
        expect(route.retiresOn ?? "2026-12-01").toMatch(/^\d{4}-\d\d-\d\d$/);
      }
  });

  test("Flux and Nano Banana can be drawn while their maker is away", () => {
    for (const { id, routes } of MODELS.filter(({ id }) => /^(flux|nano-banana)/.test(id)))
      expect(new Set(routes.map(({ provider }) => provider)).size, id).toBeGreaterThan(1);
  });

  test("what people see of them is what the API says, and names no upstream id", () => {
    const list = { items: MODELS.map(cardOf) };
    expect(ModelList.parse(list)).toEqual(list);
    for (const { routes } of MODELS)
      for (const { provider, upstream } of routes)
        if (provider === "google") expect(JSON.stringify(list)).not.toContain(upstream);
  });

  test.each<[string, Resolution[]]>([
    ["nano-banana-2.1", ["1K", "2K", "4K"]],
    ["flux-kontext-pro", ["1K"]],
    ["flux-2-pro", ["1K", "2K"]],
    ["gpt-4o-image", ["1K", "2K"]],
    ["grok-imagine-2", ["1K", "2K"]],
  ])("%s is offered in %j", (id, resolutions) => {
    expect(Object.keys(findModel(id)?.prices ?? {})).toEqual(resolutions);
  });
});
