/** Thirty days: no provider means more, and whatever stores a delay can count on it being a small number. */
const LONGEST_SECONDS = 30 * 24 * 3_600;

/** Whole seconds, rounded up so that nobody is asked too early; null for what is not a delay. */
export function wholeSeconds(seconds: number): number | null {
  if (!Number.isFinite(seconds)) return null;
  return Math.min(LONGEST_SECONDS, Math.max(0, Math.ceil(seconds)));
}

/** The delay that the headers ask for: `retry-after-ms`, else `Retry-After` in seconds or as a date. */
export function retryAfterOf(headers: Headers, now = Date.now()): number | null {
  const milliseconds = headers.get("retry-after-ms");
  if (milliseconds && /^\d+(\.\d+)?$/.test(milliseconds)) return wholeSeconds(Number(milliseconds) / 1_000);
  const after = headers.get("retry-after");
  if (!after) return null;
  if (/^\d+(\.\d+)?$/.test(after)) return wholeSeconds(Number(after));
  // What is left is a date, or nothing: a lenient parser would read `-5` as a year.
  return /^[A-Z][a-z]{2}/.test(after) ? wholeSeconds((Date.parse(after) - now) / 1_000) : null;
}

/** A protobuf `Duration` as JSON has it, such as RetryInfo's `retryDelay`: `"46s"`, `"0.5s"`. */
export function durationSeconds(duration: string): number | null {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(duration)?.[1];
  return seconds === undefined ? null : wholeSeconds(Number(seconds));
}
