import { WELCOME_CREDITS } from "@imgpilot/contract/catalogue";
import { sql } from "drizzle-orm";
import { Credits } from "../credits/index.ts";
import type { Db } from "../db/index.ts";
import { newId } from "../ids.ts";

/**
 * The random account id behind a person, which is all that the ledger knows of them. The first call makes the account
 * and gives it the welcome credits, once: at once or repeated, everybody gets the same account (L20).
 */
export async function ofUser(db: Db, userId: string): Promise<string> {
  return (await find(db, userId)) ?? db.transaction((tx) => open(tx, userId));
}

async function find(db: Db, userId: string): Promise<string | null> {
  const [row] = await db.execute<{ id: string }>(sql`select id from account where user_id = ${userId}`);
  return row?.id ?? null;
}

/** In one transaction, so that an account that can be found is complete. */
async function open(tx: Db, userId: string): Promise<string> {
  // A second one that asks meanwhile waits here for the first to commit, and then inserts nothing.
  const [made] = await tx.execute<{ id: string }>(sql`
    insert into account (id, user_id) values (${newId("acc")}, ${userId})
    on conflict (user_id) do nothing returning id`);
  if (!made) {
    const id = await find(tx, userId);
    if (!id) throw new Error("an account vanished while it was opened");
    return id;
  }
  await Credits.openAccount(tx, made.id);
  await Credits.grant(tx, {
    accountId: made.id,
    source: "welcome",
    sourceRef: made.id,
    category: "promo",
    amount: WELCOME_CREDITS,
    actor: "system",
  });
  return made.id;
}
