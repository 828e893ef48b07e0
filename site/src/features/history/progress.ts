import type { Generation, GenerationWithReceipt, Image } from "@imgpilot/contract/generations";

export const isLive = ({ state }: Pick<Generation, "state">) => state === "queued" || state === "running";

export const isMoving = ({ state }: Pick<Image, "state">) => !["done", "failed", "cancelled"].includes(state);

/** Milliseconds until a generation is asked for again: often while it is young, seldom while it waits its turn. */
export function pollAfter(generation: Generation | undefined, now = Date.now()): number {
  if (!generation) return 1_000;
  if (generation.state === "queued") return 2_500;
  return now - Date.parse(generation.createdAt) < 60_000 ? 1_200 : 3_000;
}

/**
 * Since when an image has been in the phase that its tile names: its attempt's start if one is under way, else the
 * moment of the request. Milliseconds since the epoch.
 */
export function phaseStart(generation: Generation | GenerationWithReceipt, image: Image): number {
  const attempts = "receipt" in generation ? generation.receipt.attempts : [];
  const current = attempts.find((attempt) => attempt.image === image.n && attempt.n === image.attempt);
  const attemptIsOn = image.state === "calling" || image.state === "waiting" || image.state === "storing";
  return Date.parse(attemptIsOn && current ? current.startedAt : generation.createdAt);
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

/** The later of two looks at the same generation: polled alone, or read as part of a list. */
export function laterOf<T extends Generation, U extends Generation>(
  alone: { data: U | undefined; at: number },
  listed: { data: T; at: number },
): T | U {
  if (!alone.data) return listed.data;
  // What has ended stays ended, so an ended look is never older news than a live one.
  if (isLive(alone.data) !== isLive(listed.data)) return isLive(alone.data) ? listed.data : alone.data;
  return alone.at >= listed.at ? alone.data : listed.data;
}
