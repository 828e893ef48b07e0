import { z } from "zod";

export const UPLOAD_TYPES = ["image/png", "image/jpeg", "image/webp"] as const;
export const UPLOAD_MAX_BYTES = 10_000_000;

/** `POST /api/uploads`: announces one reference image of exactly this size, type and content. */
export const CreateUpload = z.strictObject({
  contentType: z.enum(UPLOAD_TYPES),
  bytes: z.int().min(1).max(UPLOAD_MAX_BYTES),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type CreateUpload = z.output<typeof CreateUpload>;

/** `PUT` the bytes to `url` with exactly these headers before `expiresAt`, then name `id` as a reference. */
export const Upload = z.object({
  id: z.string(),
  url: z.url(),
  headers: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
});
export type Upload = z.output<typeof Upload>;
