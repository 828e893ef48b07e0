/**
 * The times of a run (architecture.md, workflow rule 10), in seconds. A hold outlives the latest start and the longest
 * execution together, so that a hold which has expired belongs to nobody who is still at work (L15).
 */
export const HOLD_SECONDS = 5_400;
/** A dispatched run that has no execution is started until then, and settled afterwards. */
export const START_SECONDS = 1_200;
/** A run that is still queued after a day is settled. */
export const QUEUE_SECONDS = 86_400;

/** Calls of providers for one image, all routes together (W4). */
export const MAX_ATTEMPTS = 6;
