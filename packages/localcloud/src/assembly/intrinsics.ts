import { LocalCloudError } from "../errors.ts";
import { attribute, NO_VALUE, type Resolved, reference } from "./attributes.ts";
import type { Json, JsonObject, Scope } from "./templates.ts";

type Intrinsic = (argument: Json, scope: Scope) => Resolved;

/**
 * Turns a template's value into a plain one.
 * @throws LocalCloudError on a function, condition, export or attribute that has no local meaning: guessing would
 * run something else than what is deployed.
 */
export function resolve(value: Json, scope: Scope): Resolved {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope)).filter(isPresent);
  if (value === null || typeof value !== "object") return value;
  const [name, ...others] = Object.keys(value);
  if (name !== undefined && others.length === 0 && (name === "Ref" || name.startsWith("Fn::"))) {
    const intrinsic = INTRINSICS[name];
    if (!intrinsic) return unknown(`the function ${name}`, scope);
    return intrinsic(value[name] ?? null, scope);
  }
  const entries = Object.entries(value).map(([key, item]) => [key, resolve(item, scope)] as const);
  return Object.fromEntries(entries.filter(([, item]) => isPresent(item))) as JsonObject;
}

/** The same where a text is needed. */
export function resolveText(value: Json | undefined, scope: Scope): string {
  const resolved = resolve(value ?? null, scope);
  if (typeof resolved === "string") return resolved;
  if (typeof resolved === "number" || typeof resolved === "boolean") return String(resolved);
  return unknown(`a text made of ${JSON.stringify(value)}`, scope);
}

/** The name a resource goes by: the one given in the template, or its logical id. */
export const physicalName = (logicalId: string, scope: Scope) =>
  attribute(logicalId, "Name", scope, resolveText);
export const arnOf = (logicalId: string, scope: Scope) => attribute(logicalId, "Arn", scope, resolveText);

const INTRINSICS: Record<string, Intrinsic> = {
  Ref: (id, scope) => reference(String(id), scope, resolveText),
  "Fn::GetAtt": (argument, scope) => {
    const [id, name] = Array.isArray(argument) ? argument.map(String) : splitOnce(String(argument));
    return attribute(id ?? "", name ?? "", scope, resolveText);
  },
  "Fn::Join": (argument, scope) => {
    const [separator, parts] = list(argument, scope);
    return list(resolve(parts ?? null, scope), scope)
      .map((part) => resolveText(part, scope))
      .join(String(separator));
  },
  "Fn::Sub": (argument, scope) => {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    return substitute(String(text), (variables ?? {}) as JsonObject, scope);
  },
  "Fn::Select": (argument, scope) => {
    const [index, items] = list(argument, scope);
    const item = list(resolve(items ?? null, scope), scope)[Number(resolveText(index, scope))];
    return item === undefined ? unknown(`item ${String(index)} of a shorter list`, scope) : item;
  },
  "Fn::Split": (argument, scope) => {
    const [separator, text] = list(argument, scope);
    return resolveText(text, scope).split(String(separator));
  },
  "Fn::ImportValue": (name, scope) => importValue(resolveText(name, scope), scope),
  "Fn::If": (argument, scope) => {
    const [condition, yes, no] = list(argument, scope);
    return resolve((isTrue({ Condition: condition ?? null }, scope) ? yes : no) ?? null, scope);
  },
};

function substitute(text: string, variables: JsonObject, scope: Scope): string {
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const given = variables[name];
    if (given !== undefined) return resolveText(given, scope);
    if (!name.includes(".")) return resolveText({ Ref: name }, scope);
    return resolveText({ "Fn::GetAtt": splitOnce(name) }, scope);
  });
}

function importValue(name: string, scope: Scope): Resolved {
  for (const stack of scope.templates.stacks) {
    const owner = { ...scope, stack };
    for (const output of Object.values(stack.template.Outputs ?? {})) {
      if (output.Export && resolveText(output.Export.Name, owner) === name)
        return resolve(output.Value, owner);
    }
  }
  return unknown(`the export ${name}`, scope);
}

/** A condition, by name or as a function of others. */
function isTrue(condition: Json, scope: Scope): boolean {
  const [[name, argument]] = Object.entries(condition as JsonObject) as [[string, Json]];
  if (name === "Condition") {
    const named = scope.stack.template.Conditions?.[String(argument)];
    return named === undefined ? unknown(`the condition ${String(argument)}`, scope) : isTrue(named, scope);
  }
  const operands = list(argument, scope);
  if (name === "Fn::Equals") {
    const [left, right] = operands.map((operand) => JSON.stringify(resolve(operand, scope)));
    return left === right;
  }
  if (name === "Fn::Not") return !isTrue(operands[0] ?? null, scope);
  if (name === "Fn::And") return operands.every((operand) => isTrue(operand, scope));
  if (name === "Fn::Or") return operands.some((operand) => isTrue(operand, scope));
  return unknown(`the condition function ${name}`, scope);
}

const isPresent = (value: Resolved): value is Json => value !== NO_VALUE;

function list(value: Resolved, scope: Scope): Json[] {
  return Array.isArray(value) ? value : unknown(`a list made of ${JSON.stringify(value)}`, scope);
}

function splitOnce(name: string): [string, string] {
  const dot = name.indexOf(".");
  return [name.slice(0, dot), name.slice(dot + 1)];
}

function unknown(what: string, scope: Scope): never {
  throw new LocalCloudError(`The local cloud does not know ${what}, which stack ${scope.stack.id} uses.`);
}
