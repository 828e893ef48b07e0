/**
 * The times and counts of one image (architecture.md, workflow rules 5 and 10). Each is longer than what it waits for:
 * a provider's call ends before its Lambda, and an attempt is given up only when no Lambda can still write to it.
 */
export const CALL_SECONDS = 240;
export const LAMBDA_SECONDS = 270;
export const ATTEMPT_SECONDS = 275;
export const IMAGE_SECONDS = 600;

/** Calls of providers for one image, all routes together (W4). */
export const MAX_ATTEMPTS = 6;

/** A longer delay than this is not waited for: another route is taken. */
export const MAX_RETRY_DELAY_SECONDS = 15;

/** What a provider may send as one image. */
export const MAX_IMAGE_BYTES = 64_000_000;
/** Of a poll and the download that may follow; its Lambda lives 60. */
export const POLL_SECONDS = 45;
