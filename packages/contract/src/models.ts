import { z } from "zod";
import { ASPECT_RATIOS, type Model, QUALITIES, RESOLUTIONS } from "./catalogue.ts";

const Prices = z.partialRecord(z.enum(RESOLUTIONS), z.int());

/** `GET /api/models`: the catalogue as people may see it, without the routes. Prices are credits per image. */
export const ModelCard = z.object({
  id: z.string(),
  name: z.string(),
  maker: z.string(),
  modes: z.array(z.enum(["text-to-image", "image-to-image"])),
  aspectRatios: z.array(z.enum(ASPECT_RATIOS)),
  prices: Prices,
  /** Where it knows several: the one that `prices` are of, and the prices of the others. */
  quality: z
    .object({ usual: z.enum(QUALITIES), prices: z.partialRecord(z.enum(QUALITIES), Prices) })
    .optional(),
  maxCount: z.int(),
  references: z.object({
    max: z.int(),
    types: z.array(z.string()),
    maxBytes: z.int(),
    /** Credits that each adds to an image. */
    price: z.int(),
  }),
  seed: z.boolean(),
  /** Who may get the prompt (promise C3), in order of preference. */
  providers: z.array(z.string()),
});
export type ModelCard = z.output<typeof ModelCard>;

export const ModelList = z.object({ items: z.array(ModelCard) });

export function cardOf({ routes, ...model }: Model): ModelCard {
  return {
    ...model,
    modes: [...model.modes],
    aspectRatios: [...model.aspectRatios],
    references: { ...model.references, types: [...model.references.types] },
    providers: [...new Set(routes.map(({ provider }) => provider))],
  };
}
