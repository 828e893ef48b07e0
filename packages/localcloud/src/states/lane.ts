import { setImmediate as nextTurn } from "node:timers/promises";
import { ExecutionError, StateMachine, type StateMachineDefinition } from "aws-local-stepfunctions";
import type { Json } from "../assembly/templates.ts";
import { type Definition, forInterpreter, type State } from "./definition.ts";
import { dataLimitExceeded, MAX_DATA_BYTES, stopped } from "./errors.ts";
import type { Execution } from "./execution.ts";
import { type HistoryEvent, json, stateEntered, stateExited } from "./history.ts";

/** What the interpreter makes available as `$$`. */
export type LaneContext = Readonly<Record<string, unknown>>;

/** Carries out a Task or Map state: given its input, answers its result or throws. */
export type Carrier = (lane: Lane, name: string, state: State, input: Json) => Promise<Json>;

type LogEvent = {
  type: string;
  timestamp: number;
  state?: { name: string; input: Json; output?: Json };
  Error?: string;
};

/**
 * One line of an execution, in which one state follows another: the machine itself, or one iteration of a Map. The
 * interpreter walks it; a lane tells the history what it does, each event following from the lane's last.
 */
export class Lane {
  readonly execution: Execution;
  readonly context: LaneContext;
  readonly signal: AbortSignal;
  readonly #carry: Carrier;
  /** Called when the interpreter gives up on a task that was called and has not answered. */
  onTimeout: (() => void) | null = null;
  lastEventId: number;
  /** Of a redriven execution: the state whose entering the history has told. */
  #told: string | null;

  constructor(
    execution: Execution,
    context: LaneContext,
    carry: Carrier,
    lastEventId: number,
    signal: AbortSignal,
    told: string | null = null,
  ) {
    this.execution = execution;
    this.context = context;
    this.#carry = carry;
    this.lastEventId = lastEventId;
    this.signal = signal;
    this.#told = told;
  }

  record(event: HistoryEvent, atMs?: number): void {
    if (!this.signal.aborted) this.lastEventId = this.execution.record(event, this.lastEventId, atMs);
  }

  /**
   * Walks a machine to its end and answers its output.
   * @throws the error that ended it, under the name Catch would match
   */
  async run(definition: Definition, input: Json): Promise<Json> {
    if (this.signal.aborted) throw stopped();
    const run = interpret(definition, input, this.context, this.#carriers(definition));
    // Heard below, once the log is read to its end; until then nobody may call it unheard.
    run.result.catch(() => {});
    this.signal.addEventListener("abort", run.abort, { once: true });
    try {
      for await (const event of run.eventLogs) this.#tell(event as LogEvent, definition);
      return (await run.result) as Json;
    } catch (error) {
      throw error instanceof ExecutionError ? error.cause : error;
    } finally {
      this.signal.removeEventListener("abort", run.abort);
    }
  }

  #carriers(definition: Definition) {
    const carried = Object.entries(definition.States).filter(
      ([, { Type }]) => Type === "Task" || Type === "Map",
    );
    return Object.fromEntries(
      carried.map(([name, state]) => [
        name,
        async (input: Json) => {
          // The log is read in microtasks; by the next turn it has told of the state that is entered here.
          await nextTurn();
          if (this.signal.aborted) throw stopped();
          return this.#carry(this, name, state, input);
        },
      ]),
    );
  }

  #tell({ type, timestamp, state, Error: error }: LogEvent, definition: Definition): void {
    if (!state) return;
    const stateType = definition.States[state.name]?.Type ?? "Pass";
    if (type === "StateEntered" && state.name === this.#told) {
      this.#told = null;
    } else if (type === "StateEntered") {
      this.record(stateEntered(stateType, state.name, this.#measured(state.name, state.input)), timestamp);
    } else if (type === "StateExited") {
      this.record(
        stateExited(stateType, state.name, this.#measured(state.name, state.output ?? null)),
        timestamp,
      );
    } else if (type === "StateFailed" && error === "States.Timeout") {
      this.onTimeout?.();
    }
  }

  /** Ends the execution where a state's data passes the limit; the interpreter has none. */
  #measured(name: string, data: Json): string {
    const text = json(data);
    if (Buffer.byteLength(text) > MAX_DATA_BYTES) this.execution.fail(dataLimitExceeded(name));
    return text;
  }
}

type Carriers = Record<string, (input: Json) => Promise<Json>>;

function interpret(definition: Definition, input: Json, context: LaneContext, carriers: Carriers) {
  // lint.ts has checked it when the engine was made; the interpreter's own check costs a second and knows less.
  const machine = new StateMachine(forInterpreter(definition) as unknown as StateMachineDefinition, {
    validationOptions: { noValidate: true },
  });
  return machine.run(input, { overrides: { taskResourceLocalHandlers: carriers }, context });
}

/** Has the interpreter apply the data fields of a Pass state (`InputPath`, `Parameters`) to a value. */
export async function evaluate(
  fields: Record<string, unknown>,
  input: Json,
  context: LaneContext,
): Promise<Json> {
  const states = { Evaluate: { Type: "Pass" as const, End: true, ...fields } };
  const run = interpret({ StartAt: "Evaluate", States: states }, input, context, {});
  try {
    return (await run.result) as Json;
  } catch (error) {
    throw error instanceof ExecutionError ? error.cause : error;
  }
}
