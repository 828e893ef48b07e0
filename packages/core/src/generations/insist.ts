import { setTimeout as delay } from "node:timers/promises";

const PAUSES_MS = [100, 500, 2_000];

/**
 * Repeats an idempotent write that must not be lost to a passing fault: a provider has been paid, and only this
 * process knows how it ended. Throws the last error when the pauses are used up; the attempt then becomes unknown.
 */
export async function insist<T>(write: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES_MS) {
    try {
      return await write();
    } catch {
      await delay(pause);
    }
  }
  return write();
}
