import { z } from "zod";

/** `PUT .../share`. Listed pages may be indexed by search engines; the others are found by their address alone. */
export const ShareImage = z.strictObject({ listed: z.boolean().default(true) });
export type ShareImage = z.output<typeof ShareImage>;

/** The public page of one image: `/share/<id>`. */
export const ImageShare = z.object({ id: z.string(), listed: z.boolean() });
export type ImageShare = z.output<typeof ImageShare>;

/** What the public page shows. `imageUrl` is a path of our own origin, which leads to a short-lived address. */
export const Share = z.object({
  id: z.string(),
  imageUrl: z.string(),
  contentType: z.string(),
  width: z.int(),
  height: z.int(),
  prompt: z.string(),
  /** The model's id in the catalogue, and its name. */
  model: z.string(),
  modelName: z.string(),
  createdAt: z.iso.datetime(),
  listed: z.boolean(),
});
export type Share = z.output<typeof Share>;
