import { ASPECT_RATIOS, type AspectRatio, type Model, type Route } from "../model.ts";

const IMAGE_TYPES = ["image/png", "image/jpeg", "image/webp"] as const;
const MEGABYTE = 1_000_000;
const BOTH_MODES = ["text-to-image", "image-to-image"] as const;

export const without = (...ratios: AspectRatio[]) => ASPECT_RATIOS.filter((ratio) => !ratios.includes(ratio));
/** `price`: credits that each adds to an image. */
export const references = (max: number, megabytes: number, price = 0): Model["references"] => ({
  max,
  types: IMAGE_TYPES,
  maxBytes: megabytes * MEGABYTE,
  price,
});

/** What nearly every model is; one says what it has else. */
export const COMMON = { modes: BOTH_MODES, aspectRatios: ASPECT_RATIOS, maxCount: 4, seed: true } as const;

export const route = (
  provider: Route["provider"],
  upstream: string,
  costs: Route["costs"],
  more: Partial<Route> = {},
): Route => ({
  provider,
  upstream,
  costs,
  ...more,
});
