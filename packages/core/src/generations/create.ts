import { createHash } from "node:crypto";
import type { RefusalCode } from "@imgpilot/contract/errors";
import type { CreateGeneration, GenerationWithReceipt } from "@imgpilot/contract/generations";
import { sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import type { Db } from "../db/index.ts";
import { Refusal } from "../errors.ts";
import { newId } from "../ids.ts";
import { Uploads } from "../images/index.ts";
import { Runs } from "../runs/index.ts";
import { tryDispatch } from "./dispatch.ts";
import { plan } from "./plan.ts";
import { get } from "./read.ts";

type Asked = {
  readonly accountId: string;
  readonly idempotencyKey: string;
  readonly order: CreateGeneration;
};

/**
 * Reserves the credits and queues the order, once for each key: the same content repeats the first answer, refusals
 * too, whatever has become of catalogue, credits and uploads meanwhile (W1).
 * @throws {Refusal} of `plan` and `Uploads.verify`, and `credits.insufficient`, `price.changed`, `key.reused`.
 */
export async function create(ctx: Context, asked: Asked): Promise<GenerationWithReceipt> {
  const requestHash = hashOf(asked.order);
  const generationId =
    (await answered(ctx.db, asked, requestHash)) ?? (await request(ctx, asked, requestHash));
  return get(ctx, { generationId, accountId: asked.accountId });
}

/** The generation that the key was answered with, or null where it is new. */
async function answered(
  db: Db,
  { accountId, idempotencyKey }: Asked,
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

async function request(
  ctx: Context,
  { accountId, idempotencyKey, order }: Asked,
  requestHash: string,
): Promise<string> {
  const { pricePerImage, routes, uploads } = await plan(ctx.db, accountId, order);
  await Uploads.verify(ctx.objects, uploads);
  const answer = await Runs.request(ctx.db, {
    ...order,
    generationId: newId("gen"),
    accountId,
    idempotencyKey,
    requestHash,
    seed: order.seed ?? null,
    references: uploads.map(({ id }) => id),
    pricePerImage,
    routes,
  });
  if (answer.status === "key.reused") throw new Refusal("key.reused");
  if (answer.status === "refused") throw new Refusal(answer.code);
  if (answer.status === "created") await tryDispatch(ctx);
  return answer.generationId;
}

/** Of all that was asked for, in one order of fields: defaults that were spelled out are the same request. */
function hashOf(order: CreateGeneration): string {
  const fields = Object.entries(order).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}
