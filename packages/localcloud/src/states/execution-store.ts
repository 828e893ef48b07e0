import { createHash } from "node:crypto";
import type { StateMachineSpec } from "../assembly/model.ts";
import type { Database } from "./database.ts";

export type Status = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** An execution as it is kept. Input and output are JSON texts; times are milliseconds since 1970. */
export type ExecutionRow = {
  readonly arn: string;
  readonly machineArn: string;
  readonly name: string;
  readonly status: Status;
  readonly definitionId: string;
  readonly input: string;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly startedMs: number;
  readonly stoppedMs: number | null;
  readonly redriveCount: number;
  /** Of the last one. */
  readonly redriveMs: number | null;
};

export type HistoryRow = {
  readonly id: number;
  readonly previousId: number;
  readonly type: string;
  readonly atMs: number;
  /** JSON: the event's one `...EventDetails` field. */
  readonly details: string;
};

export type Ending = Pick<ExecutionRow, "output" | "error" | "cause"> & {
  readonly status: Exclude<Status, "RUNNING">;
};

const COLUMNS = `arn, machine_arn as "machineArn", name, status, definition_id as "definitionId", input, output, error,
  cause, started_ms as "startedMs", stopped_ms as "stoppedMs", redrive_count as "redriveCount",
  redrive_ms as "redriveMs"`;

/** Executions and their histories in SQLite. */
export class ExecutionStore {
  readonly #db: Database;

  constructor(database: Database) {
    this.#db = database;
  }

  /** Keeps a definition as it is now: an execution is described by the one it was started with. */
  keepDefinition(machine: StateMachineSpec): string {
    const id = createHash("sha256").update(`${machine.arn}\n${machine.definition}`).digest("hex");
    this.#db
      .prepare(
        "insert or ignore into definition (id, machine_arn, name, role_arn, json) values (?, ?, ?, ?, ?)",
      )
      .run(id, machine.arn, machine.name, machine.roleArn, machine.definition);
    return id;
  }

  definition(id: string): StateMachineSpec {
    return this.#db
      .prepare(
        `select machine_arn as arn, name, role_arn as "roleArn", json as definition from definition where id = ?`,
      )
      .get(id) as StateMachineSpec;
  }

  insert(row: ExecutionRow): void {
    this.#db
      .prepare(
        `insert into execution (arn, machine_arn, name, status, definition_id, input, started_ms)
         values (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(row.arn, row.machineArn, row.name, row.status, row.definitionId, row.input, row.startedMs);
  }

  find(arn: string): ExecutionRow | null {
    const row = this.#db.prepare(`select ${COLUMNS} from execution where arn = ?`).get(arn);
    return (row as ExecutionRow | undefined) ?? null;
  }

  running(): ExecutionRow[] {
    return this.#db
      .prepare(`select ${COLUMNS} from execution where status = 'RUNNING'`)
      .all() as ExecutionRow[];
  }

  end(arn: string, ending: Ending, stoppedMs: number): void {
    this.#db
      .prepare(
        "update execution set status = ?, output = ?, error = ?, cause = ?, stopped_ms = ? where arn = ?",
      )
      .run(ending.status, ending.output, ending.error, ending.cause, stoppedMs, arn);
  }

  redrive(arn: string, atMs: number): void {
    this.#db
      .prepare(
        `update execution set status = 'RUNNING', output = null, error = null, cause = null, stopped_ms = null,
           redrive_count = redrive_count + 1, redrive_ms = ? where arn = ?`,
      )
      .run(atMs, arn);
  }

  /** The states that were entered, last first. */
  entered(arn: string): { name: string; input: string }[] {
    return this.#db
      .prepare(
        `select details ->> '$.stateEnteredEventDetails.name' as name,
           details ->> '$.stateEnteredEventDetails.input' as input
         from event where execution_arn = ? and type like '%StateEntered' order by id desc`,
      )
      .all(arn) as { name: string; input: string }[];
  }

  append(arn: string, event: HistoryRow): void {
    this.#db
      .prepare(
        "insert into event (execution_arn, id, previous_id, type, at_ms, details) values (?, ?, ?, ?, ?, ?)",
      )
      .run(arn, event.id, event.previousId, event.type, event.atMs, event.details);
  }

  lastEventId(arn: string): number {
    const row = this.#db.prepare("select max(id) as id from event where execution_arn = ?").get(arn);
    return (row as { id: number | null }).id ?? 0;
  }

  /** Events after (or, newest first, before) an id. */
  history(arn: string, from: number, limit: number, isReversed: boolean): HistoryRow[] {
    const [comparison, order] = isReversed ? ["<", "desc"] : [">", "asc"];
    return this.#db
      .prepare(
        `select id, previous_id as "previousId", type, at_ms as "atMs", details from event
         where execution_arn = ? and id ${comparison} ? order by id ${order} limit ?`,
      )
      .all(arn, from, limit) as HistoryRow[];
  }

  /** A machine's executions, newest first, those that come after a place in that order. */
  list(
    machineArn: string,
    status: Status | null,
    after: { startedMs: number; arn: string } | null,
    limit: number,
  ) {
    return this.#db
      .prepare(
        `select ${COLUMNS} from execution
         where machine_arn = ?1 and (?2 is null or status = ?2)
           and (?3 is null or started_ms < ?3 or (started_ms = ?3 and arn > ?4))
         order by started_ms desc, arn limit ?5`,
      )
      .all(machineArn, status, after?.startedMs ?? null, after?.arn ?? null, limit) as ExecutionRow[];
  }

  /** Forgets executions that ended before a time, which frees their names. */
  forget(beforeMs: number): void {
    this.#db.prepare("delete from execution where stopped_ms < ?").run(beforeMs);
  }
}
