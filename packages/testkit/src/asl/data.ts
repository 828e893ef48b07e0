import type { Condition, Json } from "./definition.ts";
import { StatesError } from "./errors.ts";

/** `$$`: what a state may know beside its input. */
export type ContextObject = { Map?: { Item: { Index: number; Value: Json } } };

const MAX_PAYLOAD_BYTES = 262_144;

/** A value as it goes from state to state: JSON of at most 256 KB (W7). */
export function payload(value: unknown): Json {
  const text = JSON.stringify(value ?? null);
  if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES)
    throw new StatesError("States.DataLimitExceeded", "more than 256 KB");
  return JSON.parse(text);
}

/** The value at a reference path: `$`, `$.a.b`, `$.a[0]`, and `$$.` likewise. */
export function valueAt(path: string, input: Json, context: ContextObject = {}): Json {
  const found = find(path, input, context);
  if (found === undefined) throw new StatesError("States.Runtime", `there is nothing at ${path}`);
  return found;
}

function find(path: string, input: Json, context: ContextObject): Json | undefined {
  const [root, rest] = path.startsWith("$$") ? [context as Json, path.slice(2)] : [input, path.slice(1)];
  let at: Json | undefined = root;
  for (const key of segments(path, rest))
    at = isRecord(at) || Array.isArray(at) ? (at as Record<string, Json>)[key] : undefined;
  return at;
}

function segments(path: string, rest: string): string[] {
  if (!/^(\.\w+|\[\d+\])*$/.test(rest)) throw new Error(`${path} is not a path that we use`);
  return rest.match(/\w+/g) ?? [];
}

/** `Parameters`, `ResultSelector` and `ItemSelector`: keys that end in `.$` are paths. */
export function template(shape: Json, input: Json, context: ContextObject = {}): Json {
  if (Array.isArray(shape)) return shape.map((item) => template(item, input, context));
  if (!isRecord(shape)) return shape;
  return Object.fromEntries(
    Object.entries(shape).map(([key, value]) => {
      if (!key.endsWith(".$")) return [key, template(value, input, context)];
      if (typeof value !== "string" || !value.startsWith("$"))
        throw new Error(`${key}: ${value} is not a path`);
      return [key.slice(0, -2), valueAt(value, input, context)];
    }),
  );
}

/** The input with the result where `ResultPath` says: over it all if left out, nowhere if null. */
export function placeResult(path: string | null | undefined, input: Json, result: Json): Json {
  if (path === null) return input;
  const keys = path === undefined ? [] : segments(path, path.slice(1));
  return keys.reduceRight<Json>((value, key, depth) => {
    const parent = keys
      .slice(0, depth)
      .reduce<Json | undefined>((at, step) => (isRecord(at) ? at[step] : undefined), input);
    if (parent !== undefined && !isRecord(parent))
      throw new StatesError("States.ResultPathMatchFailure", `${path}`);
    return { ...parent, [key]: value };
  }, result);
}

/** Whether a Choice rule holds. A comparison with something that is not there is an error, as it is on AWS. */
export function holds(rule: Condition, input: Json): boolean {
  if (rule.And) return rule.And.every((part) => holds(part, input));
  if (rule.Or) return rule.Or.some((part) => holds(part, input));
  if (rule.Not) return !holds(rule.Not, input);
  const { Variable: variable = "$" } = rule;
  if (rule.IsPresent !== undefined) return (find(variable, input, {}) !== undefined) === rule.IsPresent;
  for (const operator of ["StringEquals", "NumericEquals", "BooleanEquals"] as const)
    if (rule[operator] !== undefined) return valueAt(variable, input) === rule[operator];
  throw new Error(`${JSON.stringify(rule)} has no comparison that we use`);
}

const isRecord = (value: unknown): value is Record<string, Json> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
