import { setTimeout as delay } from "node:timers/promises";
import type { SQL } from "drizzle-orm";
import { PgTransaction } from "drizzle-orm/pg-core";
import type { Db } from "./index.ts";

const TRIES = 5;
const FIRST_PAUSE_MS = 20;

/** Deadlock, serialisation, lock time-out, and a server or connection that went away: the same call may succeed. */
const PASSING = /^(40P01|40001|55P03|08\w{3}|57P0[123]|53300)$/;
const DROPPED = /^(CONNECTION_CLOSED|CONNECTION_DESTROYED|CONNECT_TIMEOUT|ECONNRESET|ECONNREFUSED|EPIPE)$/;

/**
 * Calls one verb in SQL and answers its rows. It is tried again on faults that pass, which is safe since every verb is
 * idempotent; inside a caller's transaction it is not, since that is lost as a whole.
 */
export async function verb<Row extends Record<string, unknown>>(db: Db, statement: SQL): Promise<Row[]> {
  for (let tries = 1; ; tries++) {
    try {
      return [...(await db.execute(statement))] as Row[];
    } catch (error) {
      if (tries === TRIES || db instanceof PgTransaction || !isPassing(error)) throw error;
      await delay(FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + Math.random()));
    }
  }
}

/** The one row that a function answers. */
export async function verbRow<Row extends Record<string, unknown>>(db: Db, statement: SQL): Promise<Row> {
  const [row] = await verb<Row>(db, statement);
  if (!row) throw new Error("the database answered no row");
  return row;
}

function isPassing(error: unknown): boolean {
  const code = codeOf(error);
  return PASSING.test(code) || DROPPED.test(code);
}

/** Drizzle wraps what the driver threw. */
function codeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause)
    if ("code" in at && typeof at.code === "string") return at.code;
  return "";
}

/** Credits as a number: a bigint that a number cannot hold exactly is a fault, never a rounding (L23). */
export function exact(value: unknown): number {
  const number = Number(value);
  if (value === null || value === undefined || !Number.isSafeInteger(number))
    throw new RangeError(`not a safe integer: ${value}`);
  return number;
}

/** Postgres' text of a moment as RFC 3339, to the millisecond. */
export const moment = (text: string): string => new Date(text).toISOString();
