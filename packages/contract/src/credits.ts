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

/**
 * A line of `GET /api/credits/entries?format=jsonl`, its fields in this order: what `verifier.ts` checks. It says how the
 * text is written and what `chain` is; who parses a line and writes it again breaks the chain unless it is written so.
 */
export const JournalLine = z.object({
  id: z.int().positive(),
  account: z.string(),
  kind: z.string(),
  grant: z.string(),
  hold: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  amount: z.int().positive(),
  /** Who, where a person or a job decided it: a role or a random id, never a name. */
  actor: z.string().nullable(),
  /** Why: the event, the reason, the grant that this one stands for. */
  meta: z.record(z.string(), z.string().nullable()).nullable(),
  /** To the microsecond. */
  at: z.iso.datetime(),
  chain: z.string().regex(/^[0-9a-f]{64}$/),
});
