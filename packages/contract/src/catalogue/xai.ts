import type { Model } from "../model.ts";
import { COMMON, references, route, without } from "./common.ts";

const GROK = {
  ...COMMON,
  maker: "xAI",
  aspectRatios: without("4:5", "5:4"),
  references: references(3, 10, 1),
  seed: false,
};
const GROK_2 = "grok-imagine-image-2.0";
const GROK_REFERENCE = { referenceCost: 10_000 };

export const GROK_IMAGINE: readonly Model[] = [
  {
    ...GROK,
    id: "grok-imagine-2",
    name: "Grok Imagine 2.0",
    prices: { "1K": 6, "2K": 8 },
    quality: { usual: "medium", prices: { low: { "1K": 4, "2K": 6 } } },
    // Told as $0.02 to $0.08 by quality and size; every reply says what it was.
    routes: [
      route("xai", GROK_2, { "1K": 40_000, "2K": 60_000 }, { quality: "low", ...GROK_REFERENCE }),
      route("xai", GROK_2, { "1K": 60_000, "2K": 80_000 }, { quality: "medium", ...GROK_REFERENCE }),
    ],
  },
  {
    ...GROK,
    id: "grok-imagine-quality",
    name: "Grok Imagine Quality",
    prices: { "1K": 5, "2K": 7 },
    routes: [route("xai", "grok-imagine-image-quality", { "1K": 50_000, "2K": 70_000 }, GROK_REFERENCE)],
  },
];
