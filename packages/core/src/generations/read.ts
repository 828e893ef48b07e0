import type {
  Generation,
  GenerationPage,
  GenerationWithReceipt,
  Image,
  ListGenerations,
} from "@imgpilot/contract/generations";
import { sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import { Credits } from "../credits/index.ts";
import { Refusal } from "../errors.ts";
import type { ObjectStore } from "../images/index.ts";
import { type GenerationFacts, type RecordedImage, readFacts } from "./generation-facts.ts";
import { progressOf } from "./image-state.ts";
import { chargedOf, maybeTime, paidFor, receiptOf, time } from "./receipt.ts";

type Reading = Pick<Context, "db" | "objects">;

/**
 * One generation with the state that its images are in now, and its receipt.
 * @throws {Refusal} `generation.missing`, also where it is another's.
 */
export async function get(
  ctx: Reading,
  { generationId, accountId }: { generationId: string; accountId: string },
): Promise<GenerationWithReceipt> {
  const [facts] = await readFacts(ctx.db, sql`id = ${generationId} and account_id = ${accountId}`, 1);
  if (!facts) throw new Refusal("generation.missing");
  const entries = await Credits.entries(ctx.db, { holdIds: paidFor(facts).map(({ id }) => id) });
  return { ...(await generationOf(facts, ctx.objects)), receipt: receiptOf(facts, entries) };
}

/** The account's generations, newest first. @throws {Refusal} `request.invalid` for a cursor that is not ours. */
export async function list(ctx: Reading, accountId: string, query: ListGenerations): Promise<GenerationPage> {
  const { limit, cursor, model, state } = query;
  const wanted = [
    sql`account_id = ${accountId}`,
    ...(model ? [sql`model = ${model}`] : []),
    ...(state ? [sql`state = ${state}`] : []),
    ...(cursor ? [sql`(created_at, id) < ${positionOf(cursor)}`] : []),
  ];
  const facts = await readFacts(ctx.db, sql.join(wanted, sql` and `), limit + 1);
  const page = facts.slice(0, limit);
  return {
    items: await Promise.all(page.map((one) => generationOf(one, ctx.objects))),
    nextCursor: facts.length > limit ? (page.at(-1)?.position ?? null) : null,
  };
}

/** A cursor says when and what the last one was, so that it stays good when that one is deleted. */
function positionOf(cursor: string) {
  const [, micros, id] = /^(\d{1,16})-(gen_[0-9A-Z]{26})$/.exec(cursor) ?? [];
  if (!micros || !id)
    throw new Refusal("request.invalid", undefined, [{ path: "cursor", message: "It is not one of ours" }]);
  return sql`(timestamptz 'epoch' + ${micros}::bigint * interval '1 microsecond', ${id})`;
}

async function generationOf(facts: GenerationFacts, objects: ObjectStore): Promise<Generation> {
  const { id, state, model, prompt, aspectRatio, resolution, count, seed, fallback, references } = facts;
  return {
    ...{ id, state, model, prompt, aspectRatio, resolution, count, seed, fallback, references },
    // What was asked for is frozen in the first route, and what was not in the model's usual one.
    quality: facts.runs[0]?.routes[0]?.quality ?? null,
    credits: { quoted: facts.pricePerImage * count, charged: chargedOf(facts) },
    createdAt: time(facts.createdAt),
    endedAt: maybeTime(facts.endedAt),
    images: await Promise.all(Array.from({ length: count }, (_, n) => imageOf(facts, n, objects))),
  };
}

async function imageOf(facts: GenerationFacts, n: number, objects: ObjectStore): Promise<Image> {
  const recorded = facts.images.find(({ image }) => image === n);
  if (recorded) return storedImage(facts, recorded, objects);
  const nothing = {
    url: null,
    thumbnails: null,
    width: null,
    height: null,
    contentType: null,
    bytes: null,
    share: null,
  };
  return { n, ...progressOf(facts, n), ...nothing };
}

async function storedImage(
  facts: GenerationFacts,
  recorded: RecordedImage,
  objects: ObjectStore,
): Promise<Image> {
  const { image: n, runId, attempt, keys, width, height, contentType, bytes, share } = recorded;
  const run = facts.runs.find(({ id }) => id === runId);
  const provider = run?.attempts.find((row) => row.image === n && row.n === attempt)?.provider ?? null;
  const [url, w320, w1024] = await Promise.all(
    [keys.original, keys.w320, keys.w1024].map((key) => objects.signGet(key)),
  );
  if (!url || !w320 || !w1024) throw new Error("an address is missing");
  const at = { state: "done", attempt: attempt + 1, provider, failure: null } as const;
  return { n, ...at, url, thumbnails: { w320, w1024 }, width, height, contentType, bytes, share };
}
