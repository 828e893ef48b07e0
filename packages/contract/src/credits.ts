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

/** An entry of `GET /api/credits/entries?format=json`: the line, what it was for, and what there was after it. */
export const StatementEntry = JournalLine.extend({
  /** Of which the receipt tells more; null where the entry is about no generation. */
  generation: z.string().nullable(),
  /** Left in grants, set aside for work, owed. What can be spent is `remaining` less `debt`. */
  after: z.object({ remaining: z.int(), held: z.int(), debt: z.int() }),
});
export type StatementEntry = z.output<typeof StatementEntry>;

export const Statement = z.object({ items: z.array(StatementEntry), nextCursor: z.string().nullable() });
export type Statement = z.output<typeof Statement>;

/**
 * `json` is pages, newest first. `jsonl`, which `verifier.ts` checks, and `csv` are downloads, oldest first, in parts:
 * while there is more, `Link: <...>; rel="next"` says where, and the parts joined are the whole.
 */
export const ListEntries = z.strictObject({
  format: z.enum(["json", "jsonl", "csv"]).default("json"),
  /** Absent, 50 of a page and 5,000 of a download, or what one answer carries. */
  limit: z.coerce.number().int().min(1).max(5_000).optional(),
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
});
