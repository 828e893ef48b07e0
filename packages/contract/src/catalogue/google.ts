import type { Model } from "../model.ts";
import { COMMON, references, route } from "./common.ts";

/** By tokens at $30 a million, here as at fal. A prompt's are below a cent. */
const BANANA_COSTS = { "1K": 33_600, "2K": 50_400, "4K": 114_000 };
const BANANA_PRO_RESALE = { "1K": 150_000, "2K": 150_000, "4K": 300_000 };

export const NANO_BANANA: readonly Model[] = [
  {
    ...COMMON,
    id: "nano-banana-2.1",
    name: "Nano Banana 2.1",
    maker: "Google",
    prices: { "1K": 4, "2K": 6, "4K": 12 },
    references: references(14, 7),
    routes: [
      route("google", "gemini-nano-banana-2.1", BANANA_COSTS),
      route("fal", "fal-ai/nano-banana-2.1", BANANA_COSTS),
    ],
  },
  {
    ...COMMON,
    id: "nano-banana-pro",
    name: "Nano Banana Pro",
    maker: "Google",
    prices: { "1K": 15, "2K": 15, "4K": 30 },
    references: references(14, 7),
    routes: [
      route("google", "gemini-3-pro-image", { "1K": 134_000, "2K": 134_000, "4K": 240_000 }),
      route("fal", "fal-ai/nano-banana-pro", BANANA_PRO_RESALE),
      route("replicate", "google/nano-banana-pro", BANANA_PRO_RESALE),
    ],
  },
  {
    ...COMMON,
    id: "nano-banana",
    name: "Nano Banana",
    maker: "Google",
    prices: { "1K": 4 },
    references: references(3, 7),
    routes: [
      route(
        "google",
        "gemini-2.5-flash-image",
        { "1K": 39_000 },
        { successor: "gemini-3.1-flash-lite-image" },
      ),
      route("fal", "fal-ai/nano-banana", { "1K": 39_800 }),
      route("replicate", "google/nano-banana", { "1K": 39_000 }),
    ],
  },
];
