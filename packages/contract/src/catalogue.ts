/**
 * What can be asked for, and what it costs. `id` is the product name that people see; upstream ids rot within months
 * and appear in `routes` alone. Prices are credits per image, our cost is USD micros (10^-6) per image.
 */
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

export type Provider = "google" | "bfl";

/** One way to have a model draw: who is called, by which upstream id, at which cost to us per image at most. */
export type Route = { readonly provider: Provider; readonly upstream: string; readonly costMicros: number };

export type Model = {
  readonly id: string;
  readonly name: string;
  readonly maker: string;
  readonly modes: readonly ("text-to-image" | "image-to-image")[];
  readonly aspectRatios: readonly AspectRatio[];
  /** Credits per image; a resolution that is absent is not offered. */
  readonly prices: Readonly<Partial<Record<Resolution, number>>>;
  readonly maxCount: number;
  readonly references: { readonly max: number; readonly types: readonly string[]; readonly maxBytes: number };
  readonly seed: boolean;
  /** In order of preference; all of them draw this model. */
  readonly routes: readonly Route[];
};

const IMAGE_TYPES = ["image/png", "image/jpeg", "image/webp"] as const;
const MEGABYTE = 1_000_000;

export const MODELS: readonly Model[] = [
  {
    id: "nano-banana-2.1",
    name: "Nano Banana 2.1",
    maker: "Google",
    modes: ["text-to-image", "image-to-image"],
    aspectRatios: ASPECT_RATIOS,
    prices: { "1K": 4, "2K": 6, "4K": 12 },
    maxCount: 4,
    references: { max: 14, types: IMAGE_TYPES, maxBytes: 7 * MEGABYTE },
    seed: true,
    routes: [{ provider: "google", upstream: "gemini-nano-banana-2.1", costMicros: 33_600 }],
  },
  {
    id: "flux-kontext-pro",
    name: "Flux Kontext Pro",
    maker: "Black Forest Labs",
    modes: ["text-to-image", "image-to-image"],
    aspectRatios: ASPECT_RATIOS.filter((ratio) => ratio !== "4:5" && ratio !== "5:4"),
    prices: { "1K": 4 },
    maxCount: 4,
    references: { max: 1, types: IMAGE_TYPES, maxBytes: 10 * MEGABYTE },
    seed: true,
    routes: [{ provider: "bfl", upstream: "flux-kontext-pro", costMicros: 40_000 }],
  },
];

export const findModel = (id: string): Model | undefined => MODELS.find((model) => model.id === id);

/** What a new account is given once. */
export const WELCOME_CREDITS = 20;
