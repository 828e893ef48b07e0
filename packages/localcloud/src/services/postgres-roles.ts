import postgres from "postgres";

export const DATABASE = "imgpilot";

/**
 * The owner of the schema, who runs migrations and is no superuser, as in production; the group that migrations give
 * rights to; and the application's login, a member of it. No statement or lock may be waited for without end.
 */
export async function createRoles(url: string, password: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => {}, connect_timeout: 10 });
  try {
    const exists = async (role: string) =>
      (await sql`select 1 from pg_roles where rolname = ${role}`).length > 0;
    if (!(await exists("imgpilot_owner")))
      await sql.unsafe(`create role imgpilot_owner login createdb createrole password '${password}'`);
    if (!(await exists("imgpilot_app"))) await sql`create role imgpilot_app nologin`;
    await sql`grant imgpilot_app to imgpilot_owner with admin option`;
    if (!(await exists("imgpilot")))
      await sql.unsafe(`create role imgpilot login password '${password}' in role imgpilot_app`);
    await sql`alter role imgpilot set statement_timeout = '15s'`;
    await sql`alter role imgpilot set lock_timeout = '5s'`;
    await sql`alter role imgpilot set idle_in_transaction_session_timeout = '30s'`;
    if ((await sql`select 1 from pg_database where datname = ${DATABASE}`).length === 0)
      await sql.unsafe(`create database ${DATABASE} owner imgpilot_owner`);
  } finally {
    await sql.end();
  }
}
