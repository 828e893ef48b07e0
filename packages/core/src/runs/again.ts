import type { RefusalCode } from "@imgpilot/contract/errors";
import { sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import { exact, verbRow } from "../db/verb.ts";
import { newId } from "../ids.ts";
import type { RunAgainAnswer, RunAgainRequest, RunAnswer, RunRetry } from "./types.ts";

/**
 * Makes a new run of one image that is not there, with its hold and place in the queue, in one transaction. The same
 * key with the same content repeats the first answer, refusals too (W1). Refuses with `generation.missing`,
 * `image.missing`, `image.done`, `image.running`, `price.changed`, `credits.insufficient`.
 */
export async function retryImage(db: Db, asked: RunRetry): Promise<RunAnswer> {
  const { generationId, accountId, image, idempotencyKey, requestHash, pricePerImage, maxCredits } = asked;
  const row = await verbRow<{ status: RunAnswer["status"]; generation_id: string; code: RefusalCode }>(
    db,
    sql`select * from generation_retry(${generationId}, ${accountId}, ${image}, ${idempotencyKey}, ${requestHash},
      ${exact(pricePerImage)}, ${exact(maxCredits)}, ${JSON.stringify(asked.routes)}::text::jsonb)`,
  );
  if (row.status === "key.reused") return { status: row.status };
  if (row.status === "refused") return { status: row.status, code: row.code };
  return { status: row.status, generationId: row.generation_id };
}

/**
 * Makes a new run of every image that is not there, paid by a grant of goodwill made in the same transaction: never by
 * the person, who did not ask. The same key makes one run; a refusal changes nothing, and may be asked again.
 * Refuses with `generation.missing`, `image.done`, `image.running`.
 */
export async function runAgain(db: Db, asked: RunAgainRequest): Promise<RunAgainAnswer> {
  const { generationId, idempotencyKey, pricePerImage, routes, actor, reason } = asked;
  const row = await verbRow<{ status: RunAgainAnswer["status"]; run_id: string; code: RefusalCode }>(
    db,
    sql`select * from generation_run_again(${generationId}, ${idempotencyKey}, ${exact(pricePerImage)},
      ${JSON.stringify(routes)}::text::jsonb, ${newId("grt")}, ${actor}, ${reason})`,
  );
  if (row.status === "key.reused") return { status: row.status };
  if (row.status === "refused") return { status: row.status, code: row.code };
  return { status: row.status, runId: row.run_id };
}
