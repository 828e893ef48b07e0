import type { Model } from "../model.ts";
import { COMMON, references, route, without } from "./common.ts";

const KONTEXT = {
  ...COMMON,
  maker: "Black Forest Labs",
  aspectRatios: without("4:5", "5:4"),
  references: references(1, 10),
};
/** By the megapixel, of what is drawn and of each reference. */
const FLUX_2_PRO = { "1K": 30_000, "2K": 75_000 };
const FLUX_2_MAX = { "1K": 70_000, "2K": 160_000 };
const NO_CINEMA = { aspectRatios: without("21:9") };

export const FLUX: readonly Model[] = [
  {
    ...KONTEXT,
    id: "flux-kontext-pro",
    name: "Flux Kontext Pro",
    prices: { "1K": 4 },
    routes: [
      route("bfl", "flux-kontext-pro", { "1K": 40_000 }),
      route("fal", "fal-ai/flux-pro/kontext", { "1K": 40_000 }),
      route("replicate", "black-forest-labs/flux-kontext-pro", { "1K": 40_000 }),
    ],
  },
  {
    ...KONTEXT,
    id: "flux-kontext-max",
    name: "Flux Kontext Max",
    prices: { "1K": 8 },
    routes: [
      route("bfl", "flux-kontext-max", { "1K": 80_000 }),
      route("fal", "fal-ai/flux-pro/kontext/max", { "1K": 80_000 }),
      route("replicate", "black-forest-labs/flux-kontext-max", { "1K": 80_000 }),
    ],
  },
  {
    ...COMMON,
    id: "flux-2-pro",
    name: "FLUX.2 Pro",
    maker: "Black Forest Labs",
    prices: { "1K": 3, "2K": 8 },
    references: references(4, 10, 2),
    routes: [
      route("bfl", "flux-2-pro", FLUX_2_PRO, { referenceCost: 15_000 }),
      route("fal", "fal-ai/flux-2-pro", FLUX_2_PRO, { referenceCost: 15_000 }),
      route("replicate", "black-forest-labs/flux-2-pro", FLUX_2_PRO, { referenceCost: 15_000, ...NO_CINEMA }),
    ],
  },
  {
    ...COMMON,
    id: "flux-2-max",
    name: "FLUX.2 Max",
    maker: "Black Forest Labs",
    prices: { "1K": 7, "2K": 16 },
    references: references(4, 10, 3),
    routes: [
      route("bfl", "flux-2-max", FLUX_2_MAX, { referenceCost: 30_000 }),
      route("fal", "fal-ai/flux-2-max", FLUX_2_MAX, { referenceCost: 30_000 }),
      route("replicate", "black-forest-labs/flux-2-max", FLUX_2_MAX, { referenceCost: 30_000, ...NO_CINEMA }),
    ],
  },
];
