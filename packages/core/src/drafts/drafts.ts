import { randomBytes } from "node:crypto";
import { DRAFT_MINUTES, type Draft, type KeptDraft } from "@imgpilot/contract/drafts";
import { sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import { moment, verbRow } from "../db/verb.ts";
import { Refusal } from "../errors.ts";

/** Keeps a prompt for an hour. Its id is the only way to it, so it cannot be guessed: 144 random bits. */
export async function keep(db: Db, prompt: string): Promise<KeptDraft> {
  const id = `drf_${randomBytes(18).toString("base64url")}`;
  const row = await verbRow<{ expiresAt: string }>(
    db,
    sql`insert into draft (id, prompt, expires_at)
      values (${id}, ${prompt}, now() + make_interval(mins => ${DRAFT_MINUTES})) returning expires_at as "expiresAt"`,
  );
  return { id, expiresAt: moment(row.expiresAt) };
}

/** @throws {Refusal} `draft.missing`, also where its hour is over. */
export async function get(db: Db, id: string): Promise<Draft> {
  const [row] = await db.execute<Draft>(
    sql`select prompt from draft where id = ${id} and expires_at > now()`,
  );
  if (!row) throw new Refusal("draft.missing");
  return { prompt: row.prompt };
}

/** Deletes those whose hour is over; answers how many. */
export async function forget(db: Db): Promise<number> {
  const rows = await db.execute(sql`delete from draft where expires_at <= now() returning 1`);
  return rows.length;
}
