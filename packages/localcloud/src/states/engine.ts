import type { StateMachineSpec } from "../assembly/model.ts";
import type { Json } from "../assembly/templates.ts";
import { type Database, inTransaction } from "./database.ts";
import type { Definition } from "./definition.ts";
import { executionAlreadyExists, executionNotRedrivable } from "./errors.ts";
import { Execution, failureOf, lastEvent } from "./execution.ts";
import { type Ending, type ExecutionRow, ExecutionStore } from "./execution-store.ts";
import { executionRedriven, executionStarted, type HistoryEvent, json } from "./history.ts";
import { type Carrier, Lane } from "./lane.ts";
import { refuseWhatDiffers } from "./lint.ts";
import { runMap } from "./map.ts";
import { type Place, placeOf, whyNotRedrivable } from "./redrive.ts";
import { type CloudEvent, statusChanged } from "./status-event.ts";
import { type Invoke, runTask } from "./task.ts";

/** Names of executions that ended so long ago are free again, and their histories are gone. */
const RETENTION_MS = 90 * 24 * 3600 * 1000;

export type EngineOptions = {
  readonly machines: readonly StateMachineSpec[];
  readonly database: Database;
  readonly invoke: Invoke;
  /** Takes a status change; called within the transaction that makes it, so it must only write to the database. */
  readonly publish: (event: CloudEvent) => void;
};

/** Runs the state machines of an assembly, and keeps what they did. */
export class Engine {
  readonly store: ExecutionStore;
  readonly machines: ReadonlyMap<string, StateMachineSpec>;
  /** When these machines came to be, as far as this engine knows. */
  readonly createdMs = Date.now();
  readonly #options: EngineOptions;
  readonly #running = new Map<string, Execution>();

  /** @throws LocalCloudError naming everything in a definition that would run differently from AWS */
  constructor(options: EngineOptions) {
    this.#options = options;
    this.store = new ExecutionStore(options.database);
    this.machines = new Map(options.machines.map((machine) => [machine.arn, machine]));
    for (const machine of options.machines) refuseWhatDiffers(machine);
    this.store.forget(Date.now() - RETENTION_MS);
  }

  /**
   * Ends as ABORTED what was running when the last engine on this database died: its steps are gone, and somebody
   * waits for the event. Call it once, before anything is started.
   */
  abortLost(): number {
    const lost = this.store.running();
    for (const row of lost) {
      const cause = "The local cloud was stopped while this execution was running.";
      this.#end(row, { status: "ABORTED", output: null, error: "LocalCloud.Restarted", cause });
    }
    return lost.length;
  }

  /**
   * Starts an execution. Starting one again that is still running, with the same input, answers the first.
   * @throws StatesApiError ExecutionAlreadyExists
   */
  start(machine: StateMachineSpec, name: string, input: string): ExecutionRow {
    const arn = `${machine.arn.replace(":stateMachine:", ":execution:")}:${name}`;
    const known = this.store.find(arn);
    if (known?.status === "RUNNING" && known.input === input) return known;
    if (known) throw executionAlreadyExists(arn);
    const row = inTransaction(this.#options.database, () => this.#insert(machine, arn, name, input));
    this.#begin(machine, row);
    return row;
  }

  /**
   * Goes on from the state of the machine itself in which an execution ended, by the definition it was started with.
   * @throws StatesApiError ExecutionNotRedrivable
   */
  redrive(ended: ExecutionRow): ExecutionRow {
    const why = whyNotRedrivable(ended, Date.now());
    if (why !== null) throw executionNotRedrivable(why);
    const machine = this.store.definition(ended.definitionId);
    const place = placeOf(this.store, ended, JSON.parse(machine.definition) as Definition);
    const row = inTransaction(this.#options.database, () => {
      this.store.redrive(ended.arn, Date.now());
      const redriven = this.store.find(ended.arn) ?? ended;
      this.#append(redriven, executionRedriven(redriven.redriveCount), redriven.redriveMs ?? Date.now());
      this.#options.publish(statusChanged(redriven));
      return redriven;
    });
    this.#begin(machine, row, place);
    return row;
  }

  /** Stops a running execution. One that has ended is left as it is. */
  stop(row: ExecutionRow, error: string | null, cause: string | null): void {
    this.#running.get(row.arn)?.end({ status: "ABORTED", output: null, error, cause });
  }

  /** Works on nothing any more. What is running stays so in the database: the next start aborts it. */
  close(): void {
    for (const execution of this.#running.values()) execution.abandon();
    this.#running.clear();
  }

  #insert(machine: StateMachineSpec, arn: string, name: string, input: string): ExecutionRow {
    const row: ExecutionRow = {
      arn,
      machineArn: machine.arn,
      name,
      status: "RUNNING",
      definitionId: this.store.keepDefinition(machine),
      input,
      output: null,
      error: null,
      cause: null,
      startedMs: Date.now(),
      stoppedMs: null,
      redriveCount: 0,
      redriveMs: null,
    };
    this.store.insert(row);
    this.#append(row, executionStarted(input, machine.roleArn), row.startedMs);
    this.#options.publish(statusChanged(row));
    return row;
  }

  #begin(machine: StateMachineSpec, row: ExecutionRow, place?: Place): void {
    const execution = new Execution(row.arn, this.store, (ending) => this.#end(row, ending));
    this.#running.set(row.arn, execution);
    const whole = JSON.parse(machine.definition) as Definition;
    const from = place ?? { state: whole.StartAt, input: JSON.parse(row.input) as Json, isTold: false };
    void this.#run(execution, machine, row, { ...whole, StartAt: from.state }, from);
  }

  async #run(
    execution: Execution,
    machine: StateMachineSpec,
    row: ExecutionRow,
    definition: Definition,
    from: Place,
  ): Promise<void> {
    const carry: Carrier = (lane, name, state, input) =>
      state.Type === "Map"
        ? runMap(lane, name, state, input, carry)
        : runTask(lane, name, state, input, this.#options.invoke);
    const context = {
      Execution: { Id: row.arn, Name: row.name, RoleArn: machine.roleArn, RedriveCount: row.redriveCount },
      StateMachine: { Id: machine.arn, Name: machine.name },
    };
    const timer = keepTime(execution, definition.TimeoutSeconds);
    try {
      const last = this.store.lastEventId(row.arn);
      const lane = new Lane(
        execution,
        context,
        carry,
        last,
        execution.signal,
        from.isTold ? from.state : null,
      );
      const output = await lane.run(definition, from.input);
      execution.end({ status: "SUCCEEDED", output: json(output), error: null, cause: null });
    } catch (error) {
      execution.end(failureOf(error));
    } finally {
      clearTimeout(timer);
    }
  }

  /** The last event, the row and the status change: one transaction, so that none can be had without the others. */
  #end(row: ExecutionRow, ending: Ending): void {
    const stoppedMs = Date.now();
    inTransaction(this.#options.database, () => {
      this.#append(row, lastEvent(ending), stoppedMs);
      this.store.end(row.arn, ending, stoppedMs);
      this.#options.publish(statusChanged({ ...row, ...ending, stoppedMs }));
    });
    this.#running.delete(row.arn);
  }

  /** An event of the execution itself, which follows from the last there is. */
  #append({ arn }: ExecutionRow, { type, details }: HistoryEvent, atMs: number): void {
    const previousId = this.store.lastEventId(arn);
    const event = { id: previousId + 1, previousId, type, atMs, details: JSON.stringify(details) };
    this.store.append(arn, event);
  }
}

function keepTime(execution: Execution, timeoutSeconds: number | undefined): NodeJS.Timeout | undefined {
  if (timeoutSeconds === undefined) return undefined;
  const ending = { status: "TIMED_OUT", output: null, error: "States.Timeout", cause: null } as const;
  return setTimeout(() => execution.end(ending), Math.min(timeoutSeconds * 1000, 2 ** 31 - 1));
}
