import type { Order as ApiOrder, CreateGeneration } from "@imgpilot/contract/generations";
import {
  type AspectRatio,
  imagePrice,
  pricesIn,
  QUALITIES,
  type Quality,
  RESOLUTIONS,
  type Resolution,
} from "@imgpilot/contract/model";
import type { ModelCard } from "@imgpilot/contract/models";

export type Fallback = ApiOrder["fallback"];

/** What the person has set. References live beside it, because they are uploaded on the way. */
export type Order = {
  model: string;
  prompt: string;
  aspectRatio: AspectRatio;
  resolution: Resolution;
  /** Null: whatever is the model's usual one. */
  quality: Quality | null;
  count: number;
  fallback: Fallback;
};

/** What it can draw in this quality, or in its usual one. */
export const resolutionsOf = (model: ModelCard, quality: Quality | null = null): Resolution[] =>
  RESOLUTIONS.filter((one) => pricesIn(model, quality ?? undefined)?.[one] !== undefined);

/** The qualities that can be chosen of a model: none, where it knows but one. */
export const qualitiesOf = (model: ModelCard): Quality[] =>
  model.quality ? QUALITIES.filter((one) => pricesIn(model, one) !== undefined) : [];

export function startingOrder(model: ModelCard): Order {
  return fit(
    {
      model: model.id,
      prompt: "",
      aspectRatio: "1:1",
      resolution: "1K",
      quality: null,
      count: 1,
      fallback: "same-model",
    },
    model,
  ).order;
}

export type Dropped = "ratio" | "quality" | "resolution" | "count" | "references";

/** The order as a model can draw it, and what had to give way for that: a switch never drops anything in silence. */
export function fit(order: Order, model: ModelCard, references = 0): { order: Order; dropped: Dropped[] } {
  const hasQuality = order.quality === null || qualitiesOf(model).includes(order.quality);
  const quality = hasQuality ? order.quality : null;
  const resolutions = resolutionsOf(model, quality);
  const hasRatio = model.aspectRatios.includes(order.aspectRatio);
  const hasResolution = resolutions.includes(order.resolution);
  const fitted: Order = {
    ...order,
    model: model.id,
    aspectRatio: hasRatio ? order.aspectRatio : (model.aspectRatios[0] ?? "1:1"),
    quality,
    resolution: hasResolution ? order.resolution : (resolutions[0] ?? "1K"),
    count: Math.min(order.count, model.maxCount),
  };
  const dropped: Dropped[] = [];
  if (!hasRatio) dropped.push("ratio");
  if (!hasQuality) dropped.push("quality");
  if (!hasResolution) dropped.push("resolution");
  if (fitted.count < order.count) dropped.push("count");
  if (references > maxReferences(model)) dropped.push("references");
  return { order: fitted, dropped };
}

export const maxReferences = (model: ModelCard) =>
  model.modes.includes("image-to-image") ? model.references.max : 0;

/** Credits for the whole order; null where the model has no such resolution. */
export function priceOf(
  order: Pick<Order, "resolution" | "quality" | "count">,
  model: ModelCard,
  references = 0,
): number | null {
  const each = imagePrice(model, { ...order, quality: order.quality ?? undefined, references });
  return each === null ? null : each * order.count;
}

/** Who may get the prompt and the references (promises C3, C8): the model's providers, and others only if allowed. */
export function receiversOf(order: Order, models: readonly ModelCard[], references = 0): string[] {
  const model = models.find(({ id }) => id === order.model);
  if (!model) return [];
  if (order.fallback === "none") return model.providers.slice(0, 1);
  if (order.fallback === "same-model") return [...model.providers];
  const able = models.filter(
    (other) => other.id === model.id || fit(order, other, references).dropped.length === 0,
  );
  return [...new Set([...model.providers, ...able.flatMap(({ providers }) => providers)])];
}

/** What the API is asked for a price with. */
export function quoteOf({ quality, ...settings }: Order, references: readonly string[]): ApiOrder {
  return { ...settings, ...(quality === null ? {} : { quality }), references: [...references] };
}

/** What the API is asked for. `maxCredits` is the price on the button: above it nothing may start. */
export function requestOf(order: Order, references: readonly string[], maxCredits: number): CreateGeneration {
  const prompt = order.prompt.trim();
  return { ...quoteOf({ ...order, prompt }, references), maxCredits };
}
