import { sql } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";

/** A connection pool or an open transaction: every verb takes either, so verbs compose. */
export type Db = Pick<
  PostgresJsDatabase,
  "select" | "insert" | "update" | "delete" | "transaction" | "execute"
>;

/** Connects as Supabase's transaction pooler wants it (`prepare: false`). */
export function connect(
  url: string,
  options: postgres.Options<Record<string, never>> = {},
): PostgresJsDatabase & { $client: postgres.Sql } {
  return drizzle(postgres(url, { prepare: false, onnotice: () => {}, ...options }));
}

/** Throws when the database does not answer. */
export async function ping(db: Db): Promise<void> {
  await db.execute(sql`select 1`);
}
