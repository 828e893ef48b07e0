import { mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { migrate } from "@imgpilot/core/db/migrate";
import { startPostgres } from "@imgpilot/localcloud/services/postgres";
import postgres from "postgres";

export const ACCOUNTS = 10_000;
const GRANTS = 3;
const PLENTY = 1_000_000_000;

/** A real, durable server of the benchmark's own, with two sets of the same books. */
export type Books = {
  readonly version: string;
  /** As their owner: the application may not settle a hold by itself. */
  readonly url: string;
  /** The same, but for the hash chain of the journal, which is not made. */
  readonly unchainedUrl: string;
  /** Statistics of tables that have grown, as autovacuum makes them before long (trap 3 of ledger.md section 4). */
  readonly analyse: () => Promise<void>;
  /** Everything that does not balance, by anybody's measure. */
  readonly audit: () => Promise<string[]>;
  readonly remove: () => Promise<void>;
};

/** The ledger of section 7 that does least: one row an account and one a hold, nothing expires, nothing is written down. */
const FLOOR = `
  create table floor_account (account_id text primary key, available bigint not null check (available >= 0),
    held bigint not null check (held >= 0), spent bigint not null) with (fillfactor = 60);
  create table floor_hold (id text primary key, account_id text not null, amount bigint not null, state text not null)
    with (fillfactor = 80);
  insert into floor_account select 'acc_' || i, ${PLENTY}, 0, 0 from generate_series(1, ${ACCOUNTS}) i`;

const SEED = `
  select credit_open('acc_' || i) from generate_series(1, ${ACCOUNTS}) i;
  select credit_grant_add(format('grt_%s_%s', i, n), 'acc_' || i, 'bench', format('%s %s', i, n), 'paid', ${PLENTY})
  from generate_series(1, ${ACCOUNTS}) i, generate_series(1, ${GRANTS}) n`;

const UNCHAIN = `
  create or replace function credit_transfer_chain() returns trigger language plpgsql as $$
  begin
    new.chain := '';
    return new;
  end $$`;

export async function openBooks(folder: string): Promise<Books> {
  const dir = mkdtempSync(path.join(folder, "postgres-"));
  const server = await startPostgres({ dir });
  const remove = async () => {
    await server.stop();
    for (const at of [server.home, dir]) rmSync(at, { recursive: true, force: true });
  };
  try {
    return { ...(await prepare(server.ownerUrl)), remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function prepare(url: string): Promise<Omit<Books, "remove">> {
  const unchainedUrl = Object.assign(new URL(url), { pathname: "/unchained" }).href;
  await migrate(url);
  await ask(url, FLOOR);
  await ask(url, SEED);
  const [row] = await ask(url, "select version() as version");
  const { pathname } = new URL(url);
  const admin = postgres(Object.assign(new URL(url), { pathname: "/postgres" }).href, { max: 1 });
  await admin.unsafe(`create database unchained template ${pathname.slice(1)}`);
  await admin.end();
  await ask(unchainedUrl, UNCHAIN);
  const analyse = async () => {
    for (const each of [url, unchainedUrl]) await ask(each, "vacuum analyze");
  };
  await analyse();
  return { version: String(row?.version), url, unchainedUrl, analyse, audit: () => audit(url, unchainedUrl) };
}

async function audit(url: string, unchainedUrl: string): Promise<string[]> {
  const all = "select * from credit_audit() union all select * from run_audit()";
  const findings = [
    ...(await ask(url, all)),
    // There is no chain to check where none was made.
    ...(await ask(unchainedUrl, `select * from (${all}) found where detail !~ 'chain'`)),
  ];
  const floor = await ask(
    url,
    `select account_id from floor_account where available + held + spent <> ${PLENTY}`,
  );
  // Whoever was stopped by the end of its time may have left a hold; nobody may have been refused.
  const [odd] = await ask(
    url,
    "select count(*)::int as n from credit_hold where state not in ('held', 'committed')",
  );
  return [
    ...findings.map(({ invariant, subject, detail }) => `${invariant} ${subject}: ${detail}`),
    ...floor.map(({ account_id }) => `the floor's account ${account_id} does not add up`),
    ...(odd?.n === 0 ? [] : [`${odd?.n} holds were refused or ended otherwise`]),
  ];
}

async function ask(url: string, statement: string) {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(statement))] as Record<string, unknown>[];
  } finally {
    await sql.end();
  }
}
