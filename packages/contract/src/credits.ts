import { z } from "zod";

/** `GET /api/credits`: grants soonest to expire first; `expiresAt` null never expires. */
export const Balance = z.object({
  available: z.int(),
  held: z.int(),
  debt: z.int(),
  grants: z.array(
    z.object({
      id: z.string(),
      category: z.enum(["promo", "paid"]),
      amount: z.int(),
      remaining: z.int(),
      held: z.int(),
      expiresAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type Balance = z.output<typeof Balance>;
