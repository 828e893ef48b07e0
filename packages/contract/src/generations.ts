import { z } from "zod";
import { ASPECT_RATIOS, QUALITIES, RESOLUTIONS } from "./catalogue.ts";
import { PROVIDER_ERRORS } from "./errors.ts";
import { ImageShare } from "./shares.ts";

export const PROMPT_MAX = 4_000;
export const MAX_IMAGES = 4;

/** `none`: the first route only. `same-model`: the model elsewhere. `any-model`: another model that can do it all. */
export const FALLBACKS = ["none", "same-model", "any-model"] as const;

/** Postgres keeps no NUL in text, and no half of a character that JSON can write (`"\ud83e"`). */
export const Prompt = z
  .string()
  .trim()
  .min(1)
  .max(PROMPT_MAX)
  .regex(/^[^\0]*$/, "It holds a NUL character")
  .refine((text) => text.isWellFormed(), "It holds half a character");
const Name = z.string().regex(/^[0-9A-Za-z._-]{1,64}$/);

const Credits = z.int().min(0).max(1_000_000);
const Time = z.iso.datetime();

/** What a generation is made of; what a quote is asked with. */
export const Order = z.strictObject({
  model: Name,
  prompt: Prompt,
  aspectRatio: z.enum(ASPECT_RATIOS).default("1:1"),
  resolution: z.enum(RESOLUTIONS).default("1K"),
  /** Absent, the model's usual one, or it knows none. */
  quality: z.enum(QUALITIES).optional(),
  count: z.int().min(1).max(MAX_IMAGES).default(1),
  references: z.array(Name).max(16).default([]),
  seed: z.int().min(0).max(2_147_483_647).optional(),
  fallback: z.enum(FALLBACKS).default("same-model"),
});
export type Order = z.output<typeof Order>;

/** `POST /api/generations`. `maxCredits` is the price that the person saw: above it nothing is started. */
export const CreateGeneration = Order.extend({ maxCredits: Credits });
export type CreateGeneration = z.output<typeof CreateGeneration>;

/** `POST /api/generations/{id}/images/{n}/retry`. The image is priced again; above `maxCredits` nothing is started. */
export const RetryImage = z.strictObject({ maxCredits: Credits });
export type RetryImage = z.output<typeof RetryImage>;

/** What `POST /api/quotes` answers: credits for the whole order and for one image of it. */
export const Quote = z.object({ credits: Credits, creditsPerImage: Credits, available: Credits });
export type Quote = z.output<typeof Quote>;

export const GENERATION_STATES = [
  "queued",
  "running",
  "succeeded",
  "partial",
  "refused",
  "failed",
  "cancelled",
] as const;
export type GenerationState = (typeof GENERATION_STATES)[number];

/** Where one image is. `calling` and `waiting` name the provider, `retrying` and `falling-back` what comes next. */
export const IMAGE_STATES = [
  "queued",
  "calling",
  "retrying",
  "falling-back",
  "waiting",
  "storing",
  "done",
  "failed",
  "cancelled",
] as const;
export type ImageState = (typeof IMAGE_STATES)[number];

/** Why an image is not there, in words for a person; `code` is `provider.<kind>`, `store.failed` and the like. */
export const ImageFailure = z.object({ code: z.string(), message: z.string() });
export type ImageFailure = z.output<typeof ImageFailure>;

export const Image = z.object({
  n: z.int(),
  state: z.enum(IMAGE_STATES),
  /** The number of the attempt under way or the last one made, from 1; 0 before the first. */
  attempt: z.int(),
  provider: z.string().nullable(),
  failure: ImageFailure.nullable(),
  /** Short-lived signed addresses; null until the image is done. */
  url: z.url().nullable(),
  thumbnails: z.object({ w320: z.url(), w1024: z.url() }).nullable(),
  width: z.int().nullable(),
  height: z.int().nullable(),
  contentType: z.string().nullable(),
  bytes: z.int().nullable(),
  /** Its public page, while there is one. */
  share: ImageShare.nullable(),
});
export type Image = z.output<typeof Image>;

/** One call of a provider, as the receipt tells it. Costs are USD micros; `state: unknown` may have been paid for. */
export const Attempt = z.object({
  /** The run it was made in, from 1. */
  run: z.int(),
  image: z.int(),
  n: z.int(),
  provider: z.string(),
  model: z.string(),
  state: z.enum(["started", "waiting", "delivered", "failed", "unknown"]),
  error: z.enum(PROVIDER_ERRORS).nullable(),
  providerRequestId: z.string().nullable(),
  costMicros: z.int(),
  startedAt: Time,
  endedAt: Time.nullable(),
});
export type Attempt = z.output<typeof Attempt>;

/** One movement of credits between buckets of a grant, as the journal keeps it. */
export const Entry = z.object({
  id: z.int(),
  kind: z.string(),
  grant: z.string(),
  hold: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  amount: Credits,
  at: Time,
});
export type Entry = z.output<typeof Entry>;

/** One try at some images of a generation. `goodwill`: it was run again for the person, and cost them nothing. */
export const ReceiptRun = z.object({
  n: z.int(),
  images: z.array(z.int()),
  paidBy: z.enum(["person", "goodwill"]),
  held: Credits,
  charged: Credits,
  returned: Credits,
  settledAt: Time.nullable(),
});
export type ReceiptRun = z.output<typeof ReceiptRun>;

/**
 * Promise C7. `held = charged + returned` once `settledAt` is set; the entries say how. The sums are of what the person
 * paid, over all runs; `quoted` is the price of the order.
 */
export const Receipt = z.object({
  quoted: Credits,
  held: Credits,
  charged: Credits,
  returned: Credits,
  settledAt: Time.nullable(),
  runs: z.array(ReceiptRun),
  entries: z.array(Entry),
  attempts: z.array(Attempt),
  requested: z.object({
    model: z.string(),
    aspectRatio: z.string(),
    resolution: z.string(),
    seed: z.int().nullable(),
  }),
});
export type Receipt = z.output<typeof Receipt>;

export const Generation = z.object({
  id: z.string(),
  state: z.enum(GENERATION_STATES),
  model: z.string(),
  prompt: z.string(),
  aspectRatio: z.enum(ASPECT_RATIOS),
  resolution: z.enum(RESOLUTIONS),
  /** Null where the model knows none. */
  quality: z.enum(QUALITIES).nullable(),
  count: z.int(),
  seed: z.int().nullable(),
  fallback: z.enum(FALLBACKS),
  references: z.array(z.string()),
  credits: z.object({ quoted: Credits, charged: Credits }),
  createdAt: Time,
  endedAt: Time.nullable(),
  images: z.array(Image),
});
export type Generation = z.output<typeof Generation>;

export const GenerationWithReceipt = Generation.extend({ receipt: Receipt });
export type GenerationWithReceipt = z.output<typeof GenerationWithReceipt>;

export const ListGenerations = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: Name.optional(),
  model: Name.optional(),
  state: z.enum(GENERATION_STATES).optional(),
});
export const GenerationPage = z.object({ items: z.array(Generation), nextCursor: z.string().nullable() });
export type ListGenerations = z.output<typeof ListGenerations>;
export type GenerationPage = z.output<typeof GenerationPage>;
