/** Connections that failed, by Node's and postgres.js's names. */
const CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_ENDED",
  "CONNECTION_DESTROYED",
]);

/** Postgres that is starting, stopping, full, or gave up on a lock: the same call may work in a moment. */
const SQL_STATES = /^(08...|53...|57P0[123]|57014|40001|40P01|55P03)$/;

/** Names of the AWS SDK's own errors for a store or an engine that cannot be reached. */
const NAMES = new Set([
  "TimeoutError",
  "NetworkingError",
  "SlowDown",
  "ServiceUnavailable",
  "ThrottlingException",
]);

/** Whether a part that we stand on is down, rather than we are wrong; wrapped errors are looked into. */
export function isUnavailable(error: unknown): boolean {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const { code, $metadata } = at as { code?: unknown; $metadata?: { httpStatusCode?: number } };
    if (typeof code === "string" && (CODES.has(code) || SQL_STATES.test(code))) return true;
    if (NAMES.has(at.name) || ($metadata?.httpStatusCode ?? 0) >= 500) return true;
    if (at instanceof AggregateError && at.errors.some(isUnavailable)) return true;
  }
  return false;
}
