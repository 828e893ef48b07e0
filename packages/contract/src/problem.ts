import { z } from "zod";

/** RFC 9457 `application/problem+json`, as every refusal is answered. `code` is one of `REFUSALS`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.output<typeof Problem>;
