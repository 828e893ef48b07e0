import { WELCOME_CREDITS } from "@imgpilot/contract/catalogue";
import type { Locale } from "@imgpilot/contract/locales";
import { sql } from "drizzle-orm";
import { Credits } from "../credits/index.ts";
import type { Db } from "../db/index.ts";
import { newId } from "../ids.ts";
import { Outbox } from "../mail/index.ts";

/**
 * The random account id behind a person, which is all that the ledger knows of them. The first call makes the account,
 * gives it the welcome credits and writes the welcome mail, once: at once or repeated, everybody gets the same account
 * (L20). `locale` is the language that the account is written to in.
 */
export async function ofUser(db: Db, userId: string, locale: Locale = "en"): Promise<string> {
  return (await find(db, userId)) ?? db.transaction((tx) => open(tx, userId, locale));
}

async function find(db: Db, userId: string): Promise<string | null> {
  const [row] = await db.execute<{ id: string }>(sql`select id from account where user_id = ${userId}`);
  return row?.id ?? null;
}

/** In one transaction, so that an account that can be found is complete. */
async function open(tx: Db, userId: string, locale: Locale): Promise<string> {
  // A second one that asks meanwhile waits here for the first to commit, and then inserts nothing.
  const [made] = await tx.execute<{ id: string }>(sql`
    insert into account (id, user_id, locale) values (${newId("acc")}, ${userId}, ${locale})
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
  await Outbox.enqueue(tx, {
    name: "welcome",
    data: { credits: WELCOME_CREDITS },
    key: `welcome/${made.id}`,
    accountId: made.id,
  });
  return made.id;
}
