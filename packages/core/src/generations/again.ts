import type { GenerationWithReceipt, Order } from "@imgpilot/contract/generations";
import { sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import type { Db } from "../db/index.ts";
import { Refusal } from "../errors.ts";
import { Uploads } from "../images/index.ts";
import { type RunRoute, Runs } from "../runs/index.ts";
import { answered, hashOf } from "./answered.ts";
import { tryDispatch } from "./dispatch.ts";
import { type GenerationFacts, readFacts } from "./generation-facts.ts";
import { plan } from "./plan.ts";
import { get } from "./read.ts";

type Retry = {
  readonly generationId: string;
  readonly accountId: string;
  /** From 0, as in the generation's list. */
  readonly image: number;
  readonly maxCredits: number;
  readonly idempotencyKey: string;
};

/**
 * Draws one image again that is not there: a new run, priced, held and charged by itself (rule 12). One run for each
 * key, which keeps its first answer, refusals too.
 * @throws {Refusal} of `plan` and `Uploads.verify`, and `generation.missing`, `image.missing`, `image.done`,
 * `image.running`, `price.changed`, `credits.insufficient`, `key.reused`.
 */
export async function retryImage(ctx: Context, asked: Retry): Promise<GenerationWithReceipt> {
  const { generationId, accountId, image, maxCredits, idempotencyKey } = asked;
  const requestHash = hashOf({ retry: generationId, image, maxCredits });
  if (!(await answered(ctx.db, asked, requestHash))) {
    const offer = await offerAgain(ctx, await factsOf(ctx.db, generationId, accountId), accountId);
    const order = { generationId, accountId, image, maxCredits, idempotencyKey, requestHash, ...offer };
    const answer = await Runs.retryImage(ctx.db, order);
    if (answer.status === "key.reused") throw new Refusal("key.reused");
    if (answer.status === "refused") throw new Refusal(answer.code);
    if (answer.status === "created") await tryDispatch(ctx);
  }
  return get(ctx, { generationId, accountId });
}

type RunAgain = {
  readonly generationId: string;
  readonly actor: string;
  readonly reason: string;
  readonly idempotencyKey: string;
};

/**
 * An operator has drawn again what is missing of a generation, paid by goodwill and never by its owner, who did not ask
 * (rule 12). Actor and reason stand in run and journal (L24). Answers the run's id.
 * @throws {Refusal} of `plan` and `Uploads.verify`, and `generation.missing`, `image.done`, `image.running`, `key.reused`.
 */
export async function runAgain(ctx: Context, asked: RunAgain): Promise<{ runId: string }> {
  const [owner] = await ctx.db.execute<{ accountId: string }>(
    sql`select account_id as "accountId" from generation where id = ${asked.generationId}`,
  );
  if (!owner) throw new Refusal("generation.missing");
  const facts = await factsOf(ctx.db, asked.generationId, owner.accountId);
  const answer = await Runs.runAgain(ctx.db, {
    ...asked,
    ...(await offerAgain(ctx, facts, owner.accountId)),
  });
  if (answer.status === "key.reused") throw new Refusal("key.reused");
  if (answer.status === "refused") throw new Refusal(answer.code);
  if (answer.status === "created") await tryDispatch(ctx);
  return { runId: answer.runId };
}

async function factsOf(db: Db, generationId: string, accountId: string): Promise<GenerationFacts> {
  const [facts] = await readFacts(db, sql`id = ${generationId} and account_id = ${accountId}`, 1);
  if (!facts) throw new Refusal("generation.missing");
  return facts;
}

/** What one image of the generation costs today, and who may draw it; its references must still be there. */
async function offerAgain(
  ctx: Context,
  facts: GenerationFacts,
  accountId: string,
): Promise<{ pricePerImage: number; routes: RunRoute[] }> {
  const { model, prompt, aspectRatio, resolution, seed, fallback, references } = facts;
  const quality = facts.runs[0]?.routes[0]?.quality;
  const order: Order = {
    ...{ model, prompt, aspectRatio, resolution, count: 1, fallback, references },
    ...(seed === null ? {} : { seed }),
    ...(quality === undefined ? {} : { quality }),
  };
  const { pricePerImage, routes, uploads } = await plan(ctx.db, accountId, order);
  await Uploads.verify(ctx.objects, uploads);
  return { pricePerImage, routes };
}
