import { sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import { verbRow } from "../db/verb.ts";
import { Credits, type Hold, type HoldState } from "./index.ts";

/**
 * Sets credits aside and uses all of them up, as a run does that ends well, by what the application calls them with.
 * Connect as the owner: the application settles through `run_settle` alone, which looks at what was recorded (W2).
 */
export async function reserveAndCommit(db: Db, hold: Hold): Promise<HoldState | "conflict"> {
  const state = await Credits.reserve(db, hold);
  return state === "held" ? commit(db, hold) : state;
}

async function commit(db: Db, { holdId, accountId, amount }: Hold): Promise<HoldState> {
  const row = await verbRow<{ state: HoldState }>(
    db,
    sql`select (credit_settle(${holdId}, ${accountId}, ${amount}, 'refunded', 'CommitCredits')).state`,
  );
  return row.state;
}
