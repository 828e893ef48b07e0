import type { StateMachineSpec } from "../assembly/model.ts";
import { LocalCloudError } from "../errors.ts";
import type { Definition, State } from "./definition.ts";

/** What each type of state may say. A field that is not listed would be ignored by the interpreter, in silence. */
const COMMON = ["Type", "Comment", "InputPath", "OutputPath", "QueryLanguage"];
const RESULT = ["Next", "End", "ResultPath"];
const CALLS = [...RESULT, "ResultSelector", "Retry", "Catch"];
const FIELDS: Record<string, readonly string[]> = {
  Task: [...CALLS, "Resource", "Parameters", "TimeoutSeconds", "TimeoutSecondsPath"],
  Map: [...CALLS, "ItemProcessor", "ItemSelector", "ItemsPath", "MaxConcurrency"],
  Pass: [...RESULT, "Parameters", "Result"],
  Wait: ["Next", "End", "Seconds", "SecondsPath", "Timestamp", "TimestampPath"],
  Choice: ["Choices", "Default"],
  Succeed: [],
  Fail: ["Error", "ErrorPath", "Cause", "CausePath"],
};
const RETRIER = [
  "ErrorEquals",
  "IntervalSeconds",
  "MaxAttempts",
  "BackoffRate",
  "MaxDelaySeconds",
  "JitterStrategy",
  "Comment",
];
const CATCHER = ["ErrorEquals", "Next", "ResultPath", "Comment"];
const MACHINE = [
  "Comment",
  "StartAt",
  "States",
  "Version",
  "TimeoutSeconds",
  "QueryLanguage",
  "ProcessorConfig",
];

/** Lambda, called by its ARN or through the optimised integration that waits for the answer. */
const RESOURCE = /^(arn:aws:lambda:[\w-]+:\d+:function:[\w-]+(:[\w-]+)?|arn:aws:states:::lambda:invoke)$/;

/** Context and functions that the interpreter lacks, or gives another meaning. */
const ANYWHERE = /\$\$\.(State|Task)\b|States\.JsonMerge/;
const WITHIN_MAP = /\$\$\.Execution\.(Input|StartTime)\b/;

/**
 * Says what in a definition the local engine would ignore or read differently from AWS, one sentence each. An
 * empty list: what runs here is what runs there.
 */
export function lint(definition: Definition): string[] {
  const names = new Set<string>();
  return lintMachine(definition, "the machine", false, names);
}

function lintMachine(machine: Definition, where: string, isInMap: boolean, names: Set<string>): string[] {
  const problems = strangers(machine, MACHINE, where);
  problems.push(...queryLanguage(machine, where));
  if (!machine.States?.[machine.StartAt])
    problems.push(`${where} starts at ${machine.StartAt}, which is no state`);
  const mode = (machine.ProcessorConfig as { Mode?: string } | undefined)?.Mode;
  if (mode !== undefined && mode !== "INLINE")
    problems.push(`${where} has a ${mode} Map, only INLINE is run`);
  for (const [name, state] of Object.entries(machine.States ?? {})) {
    if (names.has(name)) problems.push(`two states are called ${name}`);
    names.add(name);
    problems.push(...lintState(name, state, machine, isInMap));
    if (state.ItemProcessor) problems.push(...lintMachine(state.ItemProcessor, name, true, names));
  }
  return problems;
}

function lintState(name: string, state: State, machine: Definition, isInMap: boolean): string[] {
  const fields = FIELDS[state.Type];
  if (!fields) return [`${name} is a ${state.Type} state, which is not run here`];
  const problems = [
    ...strangers(state, [...COMMON, ...fields], name),
    ...queryLanguage(state, name),
    ...listed(state.Retry).flatMap((retrier) => strangers(retrier, RETRIER, `${name}'s Retry`)),
    ...listed(state.Catch).flatMap((catcher) => strangers(catcher, CATCHER, `${name}'s Catch`)),
    ...lintTransitions(name, state, machine),
    ...lintExpressions(name, state, isInMap),
  ];
  if (state.Type === "Task" && !RESOURCE.test(state.Resource ?? "")) {
    problems.push(`${name} calls ${state.Resource}; only Lambda functions are called here`);
  }
  if (state.Type === "Pass" && "Result" in state && !state.Result) {
    problems.push(
      `${name} passes the result ${JSON.stringify(state.Result)}, which the interpreter takes for none`,
    );
  }
  if (state.Type === "Map") problems.push(...lintMap(name, state));
  return problems;
}

function lintMap(name: string, state: State): string[] {
  const problems = state.ItemProcessor ? [] : [`${name} has no ItemProcessor`];
  const rules = [...listed(state.Retry), ...listed(state.Catch)];
  if (rules.some((rule) => (rule.ErrorEquals as string[]).includes("States.TaskFailed"))) {
    problems.push(`${name} is a Map and matches States.TaskFailed, which on AWS is for tasks`);
  }
  return problems;
}

/** Every way out of a state leads somewhere, and there is one. */
function lintTransitions(name: string, state: State, machine: Definition): string[] {
  const targets = [
    state.Next,
    state.Default,
    ...listed(state.Choices).map((choice) => choice.Next),
    ...listed(state.Catch).map((catcher) => catcher.Next),
  ].filter((target): target is string => target !== undefined);
  const problems = targets
    .filter((target) => !machine.States[target])
    .map((target) => `${name} leads to ${target}, which is no state`);
  const needsNext = !["Choice", "Succeed", "Fail"].includes(state.Type);
  if (needsNext && state.Next === undefined && state.End !== true)
    problems.push(`${name} has neither Next nor End`);
  return problems;
}

function lintExpressions(name: string, state: State, isInMap: boolean): string[] {
  const { ItemProcessor, ...own } = state;
  const text = JSON.stringify(own);
  const found = ANYWHERE.exec(text)?.[0] ?? (isInMap ? WITHIN_MAP.exec(text)?.[0] : undefined);
  return found
    ? [`${name} uses ${found}${isInMap ? " within a Map" : ""}, which the interpreter reads differently`]
    : [];
}

function strangers(thing: object, known: readonly string[], where: string): string[] {
  const unknown = Object.keys(thing).filter((key) => !known.includes(key));
  return unknown.map((key) => `${where} says ${key}, which the interpreter ignores`);
}

function queryLanguage(thing: object, where: string): string[] {
  const language = (thing as { QueryLanguage?: string }).QueryLanguage ?? "JSONPath";
  return language === "JSONPath" ? [] : [`${where} is written in ${language}, only JSONPath is run`];
}

function listed(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}

/** @throws LocalCloudError naming everything in a definition that would run differently from AWS */
export function refuseWhatDiffers(machine: StateMachineSpec): void {
  const problems = lint(JSON.parse(machine.definition) as Definition);
  if (problems.length === 0) return;
  throw new LocalCloudError(
    `State machine ${machine.name} cannot be run as AWS would: ${problems.join("; ")}.`,
  );
}
