import type { Json } from "../assembly/templates.ts";

/** A state machine in the Amazon States Language, as far as lint.ts lets it through. */
export type Definition = {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly TimeoutSeconds?: number;
  readonly [field: string]: unknown;
};

export type State = {
  readonly Type: "Task" | "Map" | "Pass" | "Wait" | "Choice" | "Succeed" | "Fail";
  readonly Next?: string;
  readonly Resource?: string;
  readonly ItemProcessor?: Definition;
  readonly ItemSelector?: Json;
  readonly ItemsPath?: string;
  readonly MaxConcurrency?: number;
  readonly [field: string]: unknown;
};

/** The longest a timer can run: 24 days. AWS's default, "never", is this here. */
const LONGEST_SECONDS = 2_147_483;

/**
 * The definition as the interpreter (aws-local-stepfunctions) must be given it. It differs from AWS in a few
 * readings, each put right here; what cannot be put right, lint.ts refuses.
 */
export function forInterpreter(definition: Definition): Definition {
  const states = Object.entries(definition.States).map(([name, state]) => [name, translate(state)]);
  // The machine's own timeout is kept by execution.ts, which also ends the iterations of a Map.
  const { TimeoutSeconds, ...rest } = definition;
  return { ...rest, States: Object.fromEntries(states) as Record<string, State> } as Definition;
}

function translate(original: State): State {
  const { ...state } = original as Record<string, unknown> & State;
  // "$" means the whole; the interpreter would make a key of that name. Leaving it out means the same.
  if (state.ResultPath === "$") delete (state as { ResultPath?: unknown }).ResultPath;
  if (state.Type === "Task") return withTimeout(state);
  if (state.Type === "Map") return withTimeout(asTask(state));
  if (state.Type === "Choice") return { ...state, Choices: (state.Choices as Json[]).map(positive) };
  // Without these the interpreter makes up texts of its own.
  if (state.Type === "Fail") return { Error: "", Cause: "", ...state };
  return state;
}

/** The interpreter gives a task 60 s unless told. */
function withTimeout(state: State): State {
  if (state.TimeoutSeconds !== undefined || state.TimeoutSecondsPath !== undefined) return state;
  return { ...state, TimeoutSeconds: LONGEST_SECONDS };
}

/**
 * A Map becomes a task that map.ts carries out, running the interpreter once for each item. The interpreter's own
 * Map does not tell which item a task belongs to, and starts items after one has failed.
 */
function asTask(state: State): State {
  const { ItemProcessor, ItemSelector, ItemsPath, MaxConcurrency, ...rest } = state;
  return { ...rest, Type: "Task", Resource: "arn:aws:states:::local:map" };
}

/** `IsPresent: false` never holds in the interpreter; `Not { IsPresent: true }` says the same. */
function positive(rule: Json): Json {
  if (Array.isArray(rule)) return rule.map(positive);
  if (rule === null || typeof rule !== "object") return rule;
  const entries = Object.entries(rule).map(([key, value]) => [key, positive(value)] as const);
  const negated = entries.find(([key, value]) => key.startsWith("Is") && value === false);
  if (!negated) return Object.fromEntries(entries);
  const { Next, ...test } = Object.fromEntries(entries);
  return { Not: { ...test, [negated[0]]: true }, ...(Next === undefined ? {} : { Next }) };
}
