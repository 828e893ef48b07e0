/** What a model is made of in the catalogue. Prices are credits per image, our cost is USD micros (10^-6) per image. */
export const ASPECT_RATIOS = [
  "1:1",
  "2:3",
  "3:2",
  "3:4",
  "4:3",
  "4:5",
  "5:4",
  "9:16",
  "16:9",
  "21:9",
] as const;
export type AspectRatio = (typeof ASPECT_RATIOS)[number];

export const RESOLUTIONS = ["1K", "2K", "4K"] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** How much care a model takes, where it can be told. */
export const QUALITIES = ["low", "medium", "high"] as const;
export type Quality = (typeof QUALITIES)[number];

export type Provider = "google" | "bfl" | "openai" | "xai" | "fal" | "replicate";

/** One way to have a model draw: who is called, by which upstream id, at which cost to us. */
export type Route = {
  readonly provider: Provider;
  readonly upstream: string;
  /** At most, of one image drawn from a prompt; a resolution that is absent goes another way. */
  readonly costs: Readonly<Partial<Record<Resolution, number>>>;
  /** What each reference adds to it, at most. */
  readonly referenceCost?: number;
  /** The ratios it draws, where it is not all of the model's. */
  readonly aspectRatios?: readonly AspectRatio[];
  /** The quality that it draws in; of a model that knows several, each has routes of its own. */
  readonly quality?: Quality;
  /** The day (`2026-12-01`) from which the provider no longer serves this id. */
  readonly retiresOn?: string;
  /** The provider's id that follows this one: tried after it, and instead of it once it has retired. */
  readonly successor?: string;
};

/** Credits per image; a resolution that is absent is not offered. */
export type Prices = Readonly<Partial<Record<Resolution, number>>>;

export type Model = {
  /** The product's own name for it: upstream ids rot within months, and appear in `routes` alone. */
  readonly id: string;
  readonly name: string;
  readonly maker: string;
  readonly modes: readonly ("text-to-image" | "image-to-image")[];
  readonly aspectRatios: readonly AspectRatio[];
  readonly prices: Prices;
  /** Where it knows several: the one that `prices` are of, which is drawn unasked, and the prices of the others. */
  readonly quality?:
    | { readonly usual: Quality; readonly prices: Readonly<Partial<Record<Quality, Prices>>> }
    | undefined;
  readonly maxCount: number;
  readonly references: {
    readonly max: number;
    readonly types: readonly string[];
    readonly maxBytes: number;
    /** Credits that each adds to an image. */
    readonly price: number;
  };
  readonly seed: boolean;
  /** In order of preference; all of them draw this model. */
  readonly routes: readonly Route[];
};

/** The prices in a quality, or in the usual one; undefined where the model does not know it. */
export function pricesIn(
  { prices, quality }: Pick<Model, "prices" | "quality">,
  wanted: Quality | undefined,
): Prices | undefined {
  return wanted === undefined || wanted === quality?.usual ? prices : quality?.prices[wanted];
}

export type Priced = {
  readonly resolution: Resolution;
  readonly quality?: Quality | undefined;
  /** How many. */
  readonly references: number;
};

/** Credits for one image; null where the model does not draw so. */
export function imagePrice(
  model: Pick<Model, "prices" | "quality"> & { references: Pick<Model["references"], "price"> },
  { resolution, quality, references }: Priced,
): number | null {
  const price = pricesIn(model, quality)?.[resolution];
  return price === undefined ? null : price + references * model.references.price;
}

/** What one image costs us by this route at most; null where it does not draw in this resolution. */
export function imageCost(
  { costs, referenceCost = 0 }: Route,
  { resolution, references }: Pick<Priced, "resolution" | "references">,
): number | null {
  const cost = costs[resolution];
  return cost === undefined ? null : cost + references * referenceCost;
}
