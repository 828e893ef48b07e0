import { createHash } from "node:crypto";
import fs from "node:fs";
import { fileURLToPath } from "node:url";
import postgres from "postgres";

export const MIGRATIONS = fileURLToPath(new URL("../../migrations/", import.meta.url));

/** Any two processes that migrate one database take turns by this number. */
const LOCK = 4_715_208_113;

/**
 * Applies what is missing of `NNNN_name.sql`, in order, one transaction each; run again, it does nothing. Connect as
 * the owner of the schema.
 * @throws when an applied file was changed or is gone since: history is corrected by another migration.
 */
export async function migrate(target: string | postgres.Sql, dir = MIGRATIONS): Promise<string[]> {
  const sql =
    typeof target === "string" ? postgres(target, { max: 1, prepare: false, onnotice: () => {} }) : target;
  try {
    const files = fs
      .readdirSync(dir)
      .filter((name) => /^\d{4}_[a-z0-9_]+\.sql$/.test(name))
      .sort();
    await refuseUnknown(sql, files);
    const applied: string[] = [];
    for (const name of files)
      if (await apply(sql, name, fs.readFileSync(`${dir}/${name}`, "utf8"))) applied.push(name);
    return applied;
  } finally {
    if (sql !== target) await sql.end();
  }
}

async function refuseUnknown(sql: postgres.Sql, files: readonly string[]): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    await tx`create table if not exists migration (
      name text primary key, sha256 text not null, applied_at timestamptz not null default now())`;
    for (const { name } of await tx<{ name: string }[]>`select name from migration order by name`)
      if (!files.includes(name))
        throw new Error(`migration ${name} was applied to this database, and is not in the code`);
  });
}

async function apply(sql: postgres.Sql, name: string, text: string): Promise<boolean> {
  const sha256 = createHash("sha256").update(text).digest("hex");
  return sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(${LOCK})`;
    const [known] = await tx<{ sha256: string }[]>`select sha256 from migration where name = ${name}`;
    if (known && known.sha256 !== sha256)
      throw new Error(`migration ${name} was changed after it was applied`);
    if (known) return false;
    await tx.unsafe(text).catch((error) => {
      const line = text.slice(0, Number(error.position ?? 1)).split("\n").length;
      throw new Error(`migration ${name} failed at line ${line}: ${error.message}`);
    });
    await tx`insert into migration (name, sha256) values (${name}, ${sha256})`;
    return true;
  });
}
