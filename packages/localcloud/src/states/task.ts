import type { Json } from "../assembly/templates.ts";
import { LambdaServiceError, type Outcome } from "../lambda/outcome.ts";
import type { State } from "./definition.ts";
import { dataLimitExceeded, MAX_DATA_BYTES, StateError } from "./errors.ts";
import { type CallEvents, json, lambdaFunctionEvents, taskEvents } from "./history.ts";
import type { Lane } from "./lane.ts";

/** Calls a function, by name or ARN, with a JSON text. */
export type Invoke = (nameOrArn: string, event: string) => Promise<Outcome>;

const OPTIMISED = "arn:aws:states:::lambda:invoke";

/** Carries out a Task state: calls its function, and tells the history of it as AWS does. */
export async function runTask(
  lane: Lane,
  name: string,
  state: State,
  input: Json,
  invoke: Invoke,
): Promise<Json> {
  const isOptimised = state.Resource === OPTIMISED;
  const timeoutSeconds = state.TimeoutSeconds as number | undefined;
  const events = isOptimised
    ? taskEvents(lane.execution.arn.split(":")[3] ?? "", timeoutSeconds)
    : lambdaFunctionEvents(state.Resource ?? "", timeoutSeconds);
  lane.record(events.scheduled(json(input)));
  lane.record(events.started());
  let hasTimedOut = false;
  lane.onTimeout = () => {
    hasTimedOut = true;
    lane.onTimeout = null;
    lane.record(events.ended("TimedOut", { error: "States.Timeout", cause: null }));
  };
  try {
    const result = isOptimised
      ? await invokeOptimised(input, invoke)
      : await call(state.Resource ?? "", input, invoke);
    if (Buffer.byteLength(json(result)) > MAX_DATA_BYTES) throw dataLimitExceeded(name);
    if (!hasTimedOut) lane.record(events.succeeded(json(result)));
    return result;
  } catch (error) {
    if (!hasTimedOut) tellFailure(lane, events, error);
    throw error;
  } finally {
    if (!hasTimedOut) lane.onTimeout = null;
  }
}

function tellFailure(lane: Lane, events: CallEvents, error: unknown): void {
  const { name, message } = error as Error;
  lane.record(events.ended("Failed", { error: name, cause: message }));
}

/** The optimised integration: parameters as Lambda's Invoke takes them, and an answer in Invoke's shape. */
async function invokeOptimised(parameters: Json, invoke: Invoke): Promise<Json> {
  const { FunctionName, Payload, InvocationType = "RequestResponse" } = parameters as Record<string, Json>;
  if (InvocationType !== "RequestResponse") {
    throw new StateError("States.Runtime", `InvocationType ${String(InvocationType)} is not run here.`, {
      isTerminal: true,
    });
  }
  const answer = await call(String(FunctionName), Payload ?? {}, invoke);
  return {
    ExecutedVersion: "$LATEST",
    Payload: answer,
    SdkHttpMetadata: { HttpStatusCode: 200 },
    StatusCode: 200,
  };
}

async function call(nameOrArn: string, payload: Json, invoke: Invoke): Promise<Json> {
  let outcome: Outcome;
  try {
    outcome = await invoke(nameOrArn, json(payload));
  } catch (error) {
    if (error instanceof LambdaServiceError) throw new StateError(`Lambda.${error.name}`, error.message);
    throw error;
  }
  if (!outcome.isError) return JSON.parse(outcome.body) as Json;
  const { errorType } = JSON.parse(outcome.body) as { errorType: string };
  throw new StateError(errorNameOf(errorType), outcome.body);
}

/**
 * What Step Functions calls a function's error: by its own name where the function threw it, `Lambda.Unknown`
 * where the sandbox died of it (no time or memory left, an exit).
 */
function errorNameOf(errorType: string): string {
  const died = errorType === "Sandbox.Timedout" || errorType === "Runtime.ExitError";
  return died ? "Lambda.Unknown" : errorType;
}
