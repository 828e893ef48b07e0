import {
  type AspectRatio,
  type Model,
  pricesIn,
  type Quality,
  type Resolution,
} from "@imgpilot/contract/catalogue";

/** What a model must be able to do to draw an order. */
export type Demand = {
  readonly aspectRatio: AspectRatio;
  readonly resolution: Resolution;
  readonly quality?: Quality | undefined;
  readonly count: number;
  readonly seed?: number | undefined;
  readonly references: readonly { readonly contentType: string; readonly bytes: number }[];
};

/** What the model cannot do of it, as errors by field; empty when it can do all. */
export function shortcomings(demand: Demand, model: Model): { path: string; message: string }[] {
  const found: { path: string; message: string }[] = [];
  const lacks = (path: string, message: string) => found.push({ path, message: `${model.name} ${message}` });

  if (!model.aspectRatios.includes(demand.aspectRatio))
    lacks("aspectRatio", `does not draw ${demand.aspectRatio}`);
  const prices = pricesIn(model, demand.quality);
  if (!prices) lacks("quality", `does not draw in ${demand.quality} quality`);
  else if (prices[demand.resolution] === undefined)
    lacks("resolution", `does not draw in ${demand.resolution}`);
  if (demand.count > model.maxCount) lacks("count", `draws at most ${model.maxCount} images at once`);
  if (demand.seed !== undefined && !model.seed) lacks("seed", "takes no seed");

  const mode = demand.references.length > 0 ? "image-to-image" : "text-to-image";
  if (!model.modes.includes(mode))
    lacks("references", mode === "image-to-image" ? "takes no reference images" : "needs a reference image");
  else if (demand.references.length > model.references.max)
    lacks("references", `takes at most ${model.references.max} reference images`);
  else
    for (const [i, reference] of demand.references.entries()) {
      if (!model.references.types.includes(reference.contentType))
        lacks(`references.${i}`, `does not read ${reference.contentType}`);
      if (reference.bytes > model.references.maxBytes)
        lacks(`references.${i}`, `reads at most ${model.references.maxBytes / 1_000_000} MB per reference`);
    }
  return found;
}
