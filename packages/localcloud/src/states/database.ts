import { DatabaseSync } from "node:sqlite";
import { LocalCloudError } from "../errors.ts";

/**
 * Everything the engine must not forget: executions with their histories, and events not yet delivered. One file,
 * so that an execution's end and the event that tells of it are one transaction.
 */
const SCHEMA = `
  create table if not exists definition (
    id text primary key, machine_arn text not null, name text not null, role_arn text not null, json text not null
  ) strict;
  create table if not exists execution (
    arn text primary key, machine_arn text not null, name text not null, status text not null,
    definition_id text not null references definition, input text not null, output text, error text, cause text,
    started_ms integer not null, stopped_ms integer,
    redrive_count integer not null default 0, redrive_ms integer
  ) strict;
  create index if not exists execution_by_start on execution (machine_arn, started_ms desc, arn);
  create table if not exists event (
    execution_arn text not null references execution on delete cascade, id integer not null,
    previous_id integer not null, type text not null, at_ms integer not null, details text not null,
    primary key (execution_arn, id)
  ) strict, without rowid;
  create table if not exists delivery (
    id integer primary key, rule text not null, function_arn text not null, payload text not null,
    tries integer not null default 0, due_ms integer not null, state text not null default 'waiting', last_error text
  ) strict;
`;

export type Database = DatabaseSync;

/**
 * Opens the file, and makes it where there is none. `synchronous = normal`: what was written survives `kill -9`
 * at any moment; only the machine losing power can take the last instants.
 * @throws LocalCloudError when the file cannot be read or written
 */
export function openDatabase(file: string): Database {
  try {
    const database = new DatabaseSync(file);
    database.exec(
      "pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; pragma busy_timeout = 2000;",
    );
    database.exec(SCHEMA);
    addRedrives(database);
    return database;
  } catch (error) {
    throw new LocalCloudError(`${file} cannot be used: ${(error as Error).message}.`);
  }
}

/** Files from before executions could be redriven lack its columns. */
function addRedrives(database: DatabaseSync): void {
  const columns = database.prepare("select name from pragma_table_info('execution')").all();
  if (columns.some(({ name }) => name === "redrive_count")) return;
  database.exec(`
    alter table execution add column redrive_count integer not null default 0;
    alter table execution add column redrive_ms integer;`);
}

/** All or nothing. Not nested: everything in it is synchronous, so nothing can come in between. */
export function inTransaction<T>(database: Database, work: () => T): T {
  database.exec("begin immediate");
  try {
    const result = work();
    database.exec("commit");
    return result;
  } catch (error) {
    database.exec("rollback");
    throw error;
  }
}
