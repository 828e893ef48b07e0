import type { CreateGeneration, GenerationWithReceipt } from "@imgpilot/contract/generations";
import type { Context } from "../context.ts";
import { Refusal } from "../errors.ts";
import { newId } from "../ids.ts";
import { Uploads } from "../images/index.ts";
import { Runs } from "../runs/index.ts";
import { answered, hashOf } from "./answered.ts";
import { tryDispatch } from "./dispatch.ts";
import { plan } from "./plan.ts";
import { get } from "./read.ts";
import { retiredRoutes } from "./routes.ts";

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

async function request(
  ctx: Context,
  { accountId, idempotencyKey, order }: Asked,
  requestHash: string,
): Promise<string> {
  const { model, pricePerImage, routes, uploads } = await plan(ctx.db, accountId, order);
  for (const { provider, upstream } of retiredRoutes(model))
    ctx.report(new Error("This model has retired: the catalogue needs another"), { provider, upstream });
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
