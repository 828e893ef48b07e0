import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { NotAnImage, type Picture } from "../images/index.ts";
import { type AttemptRow, type Run, Runs } from "../runs/index.ts";
import type { ImageStepInput, ImageVerdict } from "../runs/workflow.ts";
import { MAX_IMAGE_BYTES } from "./limits.ts";
import { answerNow, situationOf } from "./situation.ts";
import { failed } from "./verdict.ts";

/**
 * StoreImage: checks that what was delivered is a picture, marks it (promise C6), makes the thumbnails, writes the
 * objects and records them. Repeatable: the same attempt writes the same keys, and recording finds its own record
 * first (rule 3). It deletes nothing; settling queues what was not recorded.
 */
export async function storeImage(
  ctx: Context,
  { runId, image, attempt: n }: ImageStepInput,
): Promise<ImageVerdict> {
  const run = await Runs.get(ctx.db, runId);
  const { attempts } = run ? await situationOf(ctx.db, run, image) : { attempts: [] };
  const attempt = attempts.find((row) => row.n === n);
  if (!run || !attempt) return failed(null, "run.closed", n);
  if (attempt.state !== "delivered")
    return run.isOpen ? answerNow(ctx.db, run, image) : failed(attempt.provider, "run.closed", n);

  const staged = await stagedBytes(ctx, attempt);
  const made = staged && (await makeObjects(ctx, staged, attempt));
  if (!made) return refuse(ctx, run, image, attempt);

  const keys = await putObjects(ctx, `images/${runId}/${image}/${n}`, made);
  const { width, height, contentType } = made.picture;
  const sha256 = createHash("sha256").update(made.original).digest("hex");
  const facts = { contentType, width, height, bytes: made.original.byteLength, sha256 };
  const answer = await Runs.recordImage(ctx.db, { runId, image, attempt: n, keys, ...facts });
  if (answer === "refused") return failed(attempt.provider, "run.closed", n);
  return done(attempt);
}

const done = ({ n, provider }: AttemptRow): ImageVerdict => ({
  verdict: "done",
  attempt: n,
  waitSeconds: 0,
  error: null,
  provider,
  next: null,
});

type Made = { picture: Picture; original: Uint8Array; w320: Uint8Array; w1024: Uint8Array };

async function stagedBytes(ctx: Context, { stagingKey }: AttemptRow): Promise<Uint8Array | null> {
  try {
    return (await ctx.objects.get(stagingKey, MAX_IMAGE_BYTES))?.bytes ?? null;
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Null where the bytes are no picture. The date is the attempt's, so that a repeated step makes the same bytes. */
async function makeObjects(
  ctx: Context,
  bytes: Uint8Array,
  { product, startedAt }: AttemptRow,
): Promise<Made | null> {
  const marking = { model: product, madeAt: new Date(startedAt) };
  try {
    const picture = await ctx.images.inspect(bytes);
    const original = await ctx.images.mark(bytes, marking);
    const w320 = await ctx.images.thumbnail(bytes, 320, marking);
    const w1024 = await ctx.images.thumbnail(bytes, 1024, marking);
    return { picture, original, w320, w1024 };
  } catch (error) {
    if (error instanceof NotAnImage) return null;
    throw error;
  }
}

async function putObjects(ctx: Context, folder: string, { picture, original, w320, w1024 }: Made) {
  const ext = picture.contentType.slice("image/".length).replace("jpeg", "jpg");
  const keys = {
    original: `${folder}/original.${ext}`,
    w320: `${folder}/w320.webp`,
    w1024: `${folder}/w1024.webp`,
  };
  await ctx.objects.put(keys.original, original, picture.contentType);
  await ctx.objects.put(keys.w320, w320, "image/webp");
  await ctx.objects.put(keys.w1024, w1024, "image/webp");
  return keys;
}

/**
 * The delivery was not an image: the attempt failed after all, and the rules say whether another is made. An attempt
 * that is recorded stays delivered: this is a late repeat, whose staged bytes were removed since.
 */
async function refuse(ctx: Context, run: Run, image: number, attempt: AttemptRow): Promise<ImageVerdict> {
  const { n, provider } = attempt;
  const error = {
    kind: "bad_response",
    stage: null,
    reason: "not an image",
    retryAfterSeconds: null,
  } as const;
  const state = await Runs.finishAttempt(ctx.db, { runId: run.id, image, n, state: "failed", error });
  if (state === "delivered") return done(attempt);
  return run.isOpen ? answerNow(ctx.db, run, image) : failed(provider, "run.closed", n);
}
