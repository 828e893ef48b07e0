import type { Generation, GenerationWithReceipt, Image } from "@imgpilot/contract/generations";

export const isLive = ({ state }: Pick<Generation, "state">) => state === "queued" || state === "running";

export const isMoving = ({ state }: Pick<Image, "state">) => !["done", "failed", "cancelled"].includes(state);

/** Milliseconds until a generation is asked for again: often while it is young, seldom while it waits its turn. */
export function pollAfter(
  generation: Generation | GenerationWithReceipt | undefined,
  now = Date.now(),
): number {
  if (!generation) return 1_000;
  if (generation.state === "queued") return 2_500;
  return now - askedAt(generation) < 60_000 ? 1_200 : 3_000;
}

/** When something was last asked for: the last credits set aside, else the order. Milliseconds since the epoch. */
function askedAt(generation: Generation | GenerationWithReceipt): number {
  const entries = "receipt" in generation ? generation.receipt.entries : [];
  return Date.parse(entries.findLast(({ to }) => to === "held")?.at ?? generation.createdAt);
}

/** Whether an image can be drawn again: it failed, and no run is under way that it belongs to. */
export function canTryAgain(generation: Generation | GenerationWithReceipt, image: Image): boolean {
  if (image.state !== "failed") return false;
  if (!("receipt" in generation)) return !isLive(generation);
  return generation.receipt.runs.every(
    ({ images, settledAt }) => settledAt !== null || !images.includes(image.n),
  );
}

/** Credits that are set aside for it now; as far as is known, those of the order. */
export function heldNow(generation: Generation | GenerationWithReceipt): number {
  if (!isLive(generation)) return 0;
  if (!("receipt" in generation)) return generation.credits.quoted;
  const open = generation.receipt.runs.filter(
    ({ paidBy, settledAt }) => paidBy === "person" && settledAt === null,
  );
  return open.reduce((sum, { held }) => sum + held, 0);
}

/**
 * Since when an image has been in the phase that its tile names: its attempt's start if one is under way, else the
 * moment of the request. Milliseconds since the epoch.
 */
export function phaseStart(generation: Generation | GenerationWithReceipt, image: Image): number {
  const attempts = "receipt" in generation ? generation.receipt.attempts : [];
  // Every run counts its attempts from 1: the latest one is meant.
  const current = attempts.findLast((attempt) => attempt.image === image.n && attempt.n === image.attempt);
  const attemptIsOn = image.state === "calling" || image.state === "waiting" || image.state === "storing";
  return attemptIsOn && current ? Date.parse(current.startedAt) : askedAt(generation);
}

/** Whole seconds, never below zero, whatever the clocks say. */
export const elapsedSeconds = (since: number, now: number) => Math.max(0, Math.floor((now - since) / 1000));

export type News =
  | { is: "image-done"; n: number }
  | { is: "image-failed"; n: number; image: Image }
  | { is: "ended"; state: Generation["state"]; done: number; count: number };

/**
 * What is worth saying aloud between two looks at a generation. The end of the whole says how many there are, so
 * single arrivals are told only before it.
 */
export function newsBetween(before: Generation, after: Generation): News[] {
  const changed = after.images.filter(
    (image) => before.images.find(({ n }) => n === image.n)?.state !== image.state,
  );
  const failed = changed
    .filter(({ state }) => state === "failed")
    .map((image): News => ({ is: "image-failed", n: image.n, image }));
  if (isLive(before) && !isLive(after)) {
    const done = after.images.filter(({ state }) => state === "done").length;
    return [...failed, { is: "ended", state: after.state, done, count: after.count }];
  }
  const arrived = changed
    .filter(({ state }) => state === "done")
    .map(({ n }): News => ({ is: "image-done", n }));
  return [...arrived, ...failed];
}

/**
 * The later of two looks at the same generation: polled alone, or read as part of a list. What has ended stays ended
 * until an image is drawn again; only the look at it alone knows of that, and only if it came later.
 */
export function laterOf(
  alone: { data: GenerationWithReceipt | undefined; at: number },
  listed: { data: Generation; at: number },
): Generation | GenerationWithReceipt {
  if (!alone.data) return listed.data;
  const isLater = alone.at >= listed.at;
  if (isLive(listed.data) && !isLive(alone.data)) return alone.data;
  if (isLive(alone.data) && !isLive(listed.data) && alone.data.receipt.runs.length < 2) return listed.data;
  return isLater ? alone.data : listed.data;
}
