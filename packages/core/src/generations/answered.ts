import { createHash } from "node:crypto";
import type { RefusalCode } from "@imgpilot/contract/errors";
import { sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import { Refusal } from "../errors.ts";

/**
 * The generation that a key was answered with, or null where it is new (W1).
 * @throws {Refusal} the one that it was answered with, or `key.reused` where it was for something else.
 */
export async function answered(
  db: Db,
  { accountId, idempotencyKey }: { readonly accountId: string; readonly idempotencyKey: string },
  requestHash: string,
): Promise<string | null> {
  const [known] = await db.execute<{
    hash: string;
    generationId: string | null;
    refusal: RefusalCode | null;
  }>(sql`
    select request_hash as hash, generation_id as "generationId", refusal
    from idempotency_key where account_id = ${accountId} and key = ${idempotencyKey}`);
  if (known && known.hash !== requestHash) throw new Refusal("key.reused");
  if (known?.refusal) throw new Refusal(known.refusal);
  return known?.generationId ?? null;
}

/** Of all that was asked for, in one order of fields: defaults that were spelled out are the same request. */
export function hashOf(asked: object): string {
  const fields = Object.entries(asked).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}
