import { z } from "zod";

const Check = z.enum(["up", "down"]);

/** `GET /api/health`: 200 while every part answers, 503 when one is down; both with this body. */
export const Health = z.object({
  status: z.enum(["up", "degraded"]),
  version: z.string(),
  checks: z.object({ database: Check, cache: Check, objects: Check, workflow: Check }),
});
export type Health = z.output<typeof Health>;
