import { type ContextObject, holds, template, valueAt } from "./data.ts";
import type { Json, Rule, State } from "./definition.ts";
import { StatesError } from "./errors.ts";

export const parameters = (state: State, input: Json, context: ContextObject): Json =>
  state.Parameters === undefined ? input : template(state.Parameters, input, context);

/** Where a Choice leads. */
export function chosen({ Choices, Default }: State, input: Json): string {
  const next = Choices?.find((rule) => holds(rule, input))?.Next ?? Default;
  if (!next) throw new StatesError("States.NoChoiceMatched", "no rule holds and there is no default");
  return next;
}

/** How long a Wait takes. */
export function waitSeconds({ Seconds, SecondsPath }: State, input: Json, context: ContextObject): number {
  const seconds = Seconds ?? valueAt(SecondsPath ?? "$", input, context);
  if (typeof seconds !== "number" || !Number.isInteger(seconds) || seconds < 0)
    throw new StatesError("States.Runtime", `${JSON.stringify(seconds)} is not a number of seconds`);
  return seconds;
}

/** How long a retrier waits after its nth retry, from 0. `part` is the share of a jittered delay that is taken. */
export function delaySeconds(rule: Rule, retries: number, part: number): number {
  const { IntervalSeconds = 1, BackoffRate = 2, MaxDelaySeconds = Number.POSITIVE_INFINITY } = rule;
  const delay = Math.min(IntervalSeconds * BackoffRate ** retries, MaxDelaySeconds);
  return rule.JitterStrategy === "FULL" ? delay * part : delay;
}

/** What the history says of a state beside its tries and items: entered and exited, and of a Map started and ended. */
export const eventsOf = ({ Type }: State): number => (Type === "Fail" ? 1 : Type === "Map" ? 4 : 2);
