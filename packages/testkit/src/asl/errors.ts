/** An error that the state machine itself makes; `name` is what Retry and Catch match. */
export class StatesError extends Error {
  constructor(name: string, cause: string) {
    super(cause);
    this.name = name;
  }
}

/** The machine was stopped or ran out of time: nothing in it can catch that. */
export class Halted extends Error {}

const FATAL = ["States.Runtime", "States.DataLimitExceeded"];

/** Whether a retrier or catcher is for this error. `States.ALL` does not cover what is wrong with the machine itself. */
export const covers = ({ ErrorEquals }: { ErrorEquals: readonly string[] }, { name }: Error): boolean =>
  ErrorEquals.includes(name) ||
  (ErrorEquals.includes("States.ALL") && !FATAL.includes(name)) ||
  (ErrorEquals.includes("States.TaskFailed") && name !== "States.Timeout" && !FATAL.includes(name));

export const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));
