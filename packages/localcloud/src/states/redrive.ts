import type { Json } from "../assembly/templates.ts";
import type { Definition } from "./definition.ts";
import type { ExecutionRow, ExecutionStore } from "./execution-store.ts";

/** AWS forgets how to redrive an execution so long after its end. */
const REDRIVABLE_MS = 14 * 24 * 3600 * 1000;

/** Why an execution cannot be redriven, in AWS's words; null where it can. */
export function whyNotRedrivable({ status, stoppedMs }: ExecutionRow, nowMs: number): string | null {
  if (status === "RUNNING" || status === "SUCCEEDED") return `Execution is ${status} and cannot be redriven`;
  if (nowMs - (stoppedMs ?? nowMs) > REDRIVABLE_MS)
    return "Execution has exceeded the redrivable period of 14 days and cannot be redriven";
  return null;
}

/** Where an execution goes on: the state of the machine itself that it was in last, with the input it had. */
export type Place = {
  readonly state: string;
  readonly input: Json;
  /** The history has told that a Task was entered, and does not tell it again. */
  readonly isTold: boolean;
};

/** A failure within a Map begins the Map again; one before any state, the execution. */
export function placeOf(store: ExecutionStore, row: ExecutionRow, definition: Definition): Place {
  for (const { name, input } of store.entered(row.arn)) {
    const state = definition.States[name];
    if (state) return { state: name, input: JSON.parse(input) as Json, isTold: state.Type === "Task" };
  }
  return { state: definition.StartAt, input: JSON.parse(row.input) as Json, isTold: false };
}
