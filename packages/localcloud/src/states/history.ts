import type { Json } from "../assembly/templates.ts";

/** A history event before it has an id: its type, and its one field of details as GetExecutionHistory names it. */
export type HistoryEvent = { readonly type: string; readonly details: Record<string, unknown> };

const WHOLE = { truncated: false };

export const json = (value: Json): string => JSON.stringify(value ?? null);

export const stateEntered = (stateType: string, name: string, input: string): HistoryEvent => ({
  type: `${stateType}StateEntered`,
  details: { stateEnteredEventDetails: { name, input, inputDetails: WHOLE } },
});

export const stateExited = (stateType: string, name: string, output: string): HistoryEvent => ({
  type: `${stateType}StateExited`,
  details: { stateExitedEventDetails: { name, output, outputDetails: WHOLE } },
});

export const executionStarted = (input: string, roleArn: string): HistoryEvent => ({
  type: "ExecutionStarted",
  details: { executionStartedEventDetails: { input, inputDetails: WHOLE, roleArn } },
});

export const executionRedriven = (redriveCount: number): HistoryEvent => ({
  type: "ExecutionRedriven",
  details: { executionRedrivenEventDetails: { redriveCount } },
});

export const executionSucceeded = (output: string): HistoryEvent => ({
  type: "ExecutionSucceeded",
  details: { executionSucceededEventDetails: { output, outputDetails: WHOLE } },
});

type ErrorAndCause = { readonly error: string | null; readonly cause: string | null };

/** ExecutionFailed, ExecutionAborted, ExecutionTimedOut. */
export function executionEnded(how: "Failed" | "Aborted" | "TimedOut", why: ErrorAndCause): HistoryEvent {
  return { type: `Execution${how}`, details: { [`execution${how}EventDetails`]: given(why) } };
}

export const mapStarted = (length: number): HistoryEvent => ({
  type: "MapStateStarted",
  details: { mapStateStartedEventDetails: { length } },
});

export const mapEnded = (how: "Succeeded" | "Failed"): HistoryEvent => ({
  type: `MapState${how}`,
  details: {},
});

export type IterationEvent = "Started" | "Succeeded" | "Failed" | "Aborted";

export const mapIteration = (how: IterationEvent, name: string, index: number): HistoryEvent => ({
  type: `MapIteration${how}`,
  details: { [`mapIteration${how}EventDetails`]: { name, index } },
});

/** The events of one call, which differ in name by how the definition calls Lambda. */
export type CallEvents = {
  readonly scheduled: (input: string) => HistoryEvent;
  readonly started: () => HistoryEvent;
  readonly succeeded: (output: string) => HistoryEvent;
  readonly ended: (how: "Failed" | "TimedOut", why: ErrorAndCause) => HistoryEvent;
};

/** `Resource: arn:aws:states:::lambda:invoke`: Task events. */
export function taskEvents(region: string, timeoutInSeconds: number | undefined): CallEvents {
  const what = { resourceType: "lambda", resource: "invoke" };
  return {
    scheduled: (parameters) => ({
      type: "TaskScheduled",
      details: { taskScheduledEventDetails: { ...what, region, parameters, ...given({ timeoutInSeconds }) } },
    }),
    started: () => ({ type: "TaskStarted", details: { taskStartedEventDetails: what } }),
    succeeded: (output) => ({
      type: "TaskSucceeded",
      details: { taskSucceededEventDetails: { ...what, output, outputDetails: WHOLE } },
    }),
    ended: (how, why) => ({
      type: `Task${how}`,
      details: { [`task${how}EventDetails`]: { ...what, ...given(why) } },
    }),
  };
}

/** `Resource: <function ARN>`: LambdaFunction events. */
export function lambdaFunctionEvents(resource: string, timeoutInSeconds: number | undefined): CallEvents {
  return {
    scheduled: (input) => ({
      type: "LambdaFunctionScheduled",
      details: {
        lambdaFunctionScheduledEventDetails: {
          resource,
          input,
          inputDetails: WHOLE,
          ...given({ timeoutInSeconds }),
        },
      },
    }),
    started: () => ({ type: "LambdaFunctionStarted", details: {} }),
    succeeded: (output) => ({
      type: "LambdaFunctionSucceeded",
      details: { lambdaFunctionSucceededEventDetails: { output, outputDetails: WHOLE } },
    }),
    ended: (how, why) => ({
      type: `LambdaFunction${how}`,
      details: { [`lambdaFunction${how}EventDetails`]: given(why) },
    }),
  };
}

/** What carries the data of an execution; `includeExecutionData: false` asks for the history without it. */
const DATA_FIELDS = new Set(["input", "inputDetails", "output", "outputDetails", "parameters"]);

export function withoutData(details: Record<string, Record<string, unknown>>): Record<string, unknown> {
  const bare = Object.entries(details).map(([field, values]) => [
    field,
    Object.fromEntries(Object.entries(values).filter(([key]) => !DATA_FIELDS.has(key))),
  ]);
  return Object.fromEntries(bare) as Record<string, unknown>;
}

/** AWS leaves out what it does not know. */
function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}
