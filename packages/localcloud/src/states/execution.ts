import { StateError } from "./errors.ts";
import type { Ending, ExecutionStore } from "./execution-store.ts";
import { executionEnded, executionSucceeded, type HistoryEvent } from "./history.ts";

/** AWS ends an execution whose history would grow longer. */
export const MAX_EVENTS = 25_000;

/**
 * An execution that is running: its history as it grows, and its one end. Whatever comes first ends it (its
 * result, a stop, a timeout, a limit); everything recorded after that is dropped.
 */
export class Execution {
  readonly arn: string;
  readonly #store: ExecutionStore;
  readonly #onEnd: (ending: Ending) => void;
  readonly #abort = new AbortController();
  #events: number;
  #hasEnded = false;

  constructor(arn: string, store: ExecutionStore, onEnd: (ending: Ending) => void) {
    this.arn = arn;
    this.#store = store;
    this.#onEnd = onEnd;
    this.#events = store.lastEventId(arn);
  }

  /** Aborted when the execution has ended: everything still running for it must stop. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Appends an event that follows from another; answers its id. */
  record(event: HistoryEvent, previousId: number, atMs = Date.now()): number {
    if (this.#hasEnded) return previousId;
    if (this.#events + 1 >= MAX_EVENTS) {
      const cause = `The execution reached the maximum number of history events (${MAX_EVENTS}).`;
      this.end({ status: "FAILED", output: null, error: "States.Runtime", cause });
      return previousId;
    }
    this.#events += 1;
    const details = JSON.stringify(event.details);
    this.#store.append(this.arn, { id: this.#events, previousId, type: event.type, atMs, details });
    return this.#events;
  }

  end(ending: Ending): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#onEnd(ending);
    this.#abort.abort();
  }

  /** Ends it with an error that no Catch can take. */
  fail(error: unknown): void {
    this.end(failureOf(error));
  }

  /** Stops working on it without ending it: the cloud shuts down, and the next start will abort it. */
  abandon(): void {
    this.#hasEnded = true;
    this.#abort.abort();
  }
}

/** What an error that left the machine says of the execution. */
export function failureOf(thrown: unknown): Ending {
  const error = thrown instanceof Error ? thrown : new StateError("States.Runtime", String(thrown));
  return { status: "FAILED", output: null, error: error.name || null, cause: error.message || null };
}

/** The event that says how an execution ended. */
export function lastEvent(ending: Ending): HistoryEvent {
  if (ending.status === "SUCCEEDED") return executionSucceeded(ending.output ?? "null");
  const how = ({ FAILED: "Failed", ABORTED: "Aborted", TIMED_OUT: "TimedOut" } as const)[ending.status];
  return executionEnded(how, ending);
}
