/** The part of the Amazon States Language that our state machines use. Anything else is refused, not ignored. */
export type Definition = {
  StartAt: string;
  TimeoutSeconds?: number;
  Comment?: string;
  States: Record<string, State>;
};

export type Rule = {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: "FULL" | "NONE";
};
export type Catcher = { ErrorEquals: string[]; Next: string; ResultPath?: string | null };

export type Condition = {
  And?: Condition[];
  Or?: Condition[];
  Not?: Condition;
  Variable?: string;
  StringEquals?: string;
  NumericEquals?: number;
  BooleanEquals?: boolean;
  IsPresent?: boolean;
};

export type State = {
  Type: "Task" | "Choice" | "Wait" | "Pass" | "Map" | "Succeed" | "Fail";
  Comment?: string;
  Next?: string;
  End?: boolean;
  InputPath?: string | null;
  OutputPath?: string | null;
  Parameters?: Json;
  ResultSelector?: Json;
  ResultPath?: string | null;
  Resource?: string;
  TimeoutSeconds?: number;
  Retry?: Rule[];
  Catch?: Catcher[];
  Choices?: (Condition & { Next: string })[];
  Default?: string;
  Seconds?: number;
  SecondsPath?: string;
  Result?: Json;
  ItemsPath?: string;
  ItemSelector?: Json;
  ItemProcessor?: Definition & { ProcessorConfig?: { Mode: "INLINE" } };
  MaxConcurrency?: number;
  Error?: string;
  Cause?: string;
};

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const COMMON = ["Type", "Comment"];
const FIELDS: Record<State["Type"], readonly string[]> = {
  Task: [
    "Next",
    "End",
    "InputPath",
    "OutputPath",
    "Parameters",
    "ResultSelector",
    "ResultPath",
    "Resource",
    "TimeoutSeconds",
    "Retry",
    "Catch",
  ],
  Map: [
    "Next",
    "End",
    "InputPath",
    "OutputPath",
    "ResultSelector",
    "ResultPath",
    "ItemsPath",
    "ItemSelector",
    "ItemProcessor",
    "MaxConcurrency",
    "Retry",
    "Catch",
  ],
  Pass: ["Next", "End", "InputPath", "OutputPath", "Parameters", "Result", "ResultPath"],
  Wait: ["Next", "End", "InputPath", "OutputPath", "Seconds", "SecondsPath"],
  Choice: ["InputPath", "OutputPath", "Choices", "Default"],
  Succeed: ["InputPath", "OutputPath"],
  Fail: ["Error", "Cause"],
};
const RULES = [
  "ErrorEquals",
  "IntervalSeconds",
  "MaxAttempts",
  "BackoffRate",
  "MaxDelaySeconds",
  "JitterStrategy",
  "Next",
  "ResultPath",
];

/**
 * @throws {Error} for a definition that uses more of the language than is walked here, or leads to a state that is not
 * there.
 */
export function check(definition: Definition): Definition {
  const { States, StartAt } = definition;
  if (!States[StartAt]) throw new Error(`StartAt: there is no state ${StartAt}`);
  for (const [name, state] of Object.entries(States)) {
    const refuse = (field: string) => {
      throw new Error(`${name}: ${field} is not in the part of the language that we use`);
    };
    const known = FIELDS[state.Type] ?? refuse(`Type ${state.Type}`);
    for (const field of Object.keys(state))
      if (!known.includes(field) && !COMMON.includes(field)) refuse(field);
    for (const rule of [...(state.Retry ?? []), ...(state.Catch ?? [])])
      for (const field of Object.keys(rule)) if (!RULES.includes(field)) refuse(field);
    for (const next of targets(state))
      if (!States[next]) throw new Error(`${name}: there is no state ${next}`);
    if (state.ItemProcessor) check(state.ItemProcessor);
  }
  return definition;
}

/** Where a state can lead to. */
export const targets = ({ Next, Default, Choices = [], Catch = [] }: State): string[] =>
  [Next, Default, ...[...Choices, ...Catch].map((rule) => rule.Next)].filter((name) => name !== undefined);

/** A definition and those of its Maps. */
export const withNested = (definition: Definition): Definition[] => [
  definition,
  ...Object.values(definition.States).flatMap(({ ItemProcessor }) =>
    ItemProcessor ? withNested(ItemProcessor) : [],
  ),
];
