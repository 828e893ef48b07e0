import { z } from "zod";

/** `unknown`: too few calls lately to say. */
const Condition = z.enum(["good", "degraded", "down", "unknown"]);
export type Condition = z.output<typeof Condition>;

/** Shares are of 0 to 1, null where there was nothing to take a share of. What was blocked was no failure. */
const Span = z.object({
  delivered: z.number().nullable(),
  blocked: z.number().nullable(),
  /** From the call to the picture. */
  p50Seconds: z.number().nullable(),
  p95Seconds: z.number().nullable(),
});
export type Span = z.output<typeof Span>;

const ProviderStatus = z.object({
  provider: z.string(),
  condition: Condition,
  lastHour: Span,
  lastDay: Span,
});
export type ProviderStatus = z.output<typeof ProviderStatus>;

/** A model is as well as the best of those who draw it, since the others are passed over. */
const ModelStatus = z.object({
  id: z.string(),
  name: z.string(),
  condition: Condition,
  providers: z.array(ProviderStatus),
});
export type ModelStatus = z.output<typeof ModelStatus>;

/** `GET /api/status`: how models and those who draw them have been doing, by our own calls. */
export const Status = z.object({ asOf: z.iso.datetime(), models: z.array(ModelStatus) });
export type Status = z.output<typeof Status>;
