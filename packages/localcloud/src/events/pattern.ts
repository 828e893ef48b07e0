import { LocalCloudError } from "../errors.ts";

/** An EventBridge event pattern: fields as in the event, their leaves lists of which one entry must match. */
export type Pattern = Readonly<Record<string, unknown>>;

type Matcher = (operand: unknown, value: unknown) => boolean;

const MATCHERS: Record<string, Matcher> = {
  prefix: (prefix, value) => typeof value === "string" && value.startsWith(String(prefix)),
  suffix: (suffix, value) => typeof value === "string" && value.endsWith(String(suffix)),
  "equals-ignore-case": (text, value) =>
    typeof value === "string" && value.toLowerCase() === String(text).toLowerCase(),
  "anything-but": (unwanted, value) => value !== undefined && !matchesAny([unwanted].flat(), value),
  exists: (wanted, value) => (value !== undefined) === wanted,
  numeric: (comparisons, value) => typeof value === "number" && compares(comparisons as unknown[], value),
};

const COMPARISONS: Record<string, (left: number, right: number) => boolean> = {
  "=": (left, right) => left === right,
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  ">": (left, right) => left > right,
  ">=": (left, right) => left >= right,
};

/** Whether an event is one the pattern asks for: every field of the pattern must be matched. */
export function matches(pattern: Pattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const value = (event as Record<string, unknown> | null | undefined)?.[field];
    return Array.isArray(wanted) ? matchesAny(wanted, value) : matches(wanted as Pattern, value);
  });
}

/** @throws LocalCloudError when a rule asks for something this matcher would get wrong */
export function checkPattern(rule: string, pattern: Pattern): void {
  for (const [field, wanted] of Object.entries(pattern)) {
    if (field.startsWith("$"))
      throw new LocalCloudError(`Rule ${rule} uses ${field}, which is not matched here.`);
    if (!Array.isArray(wanted)) {
      if (!isObject(wanted)) throw new LocalCloudError(`Rule ${rule}: ${field} must be a list or an object.`);
      checkPattern(rule, wanted);
      continue;
    }
    const operators = wanted.filter(isObject).flatMap((operator) => Object.keys(operator));
    const unknown = operators.find((operator) => !(operator in MATCHERS));
    if (unknown)
      throw new LocalCloudError(`Rule ${rule} uses ${unknown} for ${field}, which is not matched here.`);
  }
}

/** A field that holds a list is matched by any of its entries. */
function matchesAny(wanted: readonly unknown[], value: unknown): boolean {
  const values = Array.isArray(value) && value.length > 0 ? value : [value];
  return wanted.some((entry) => values.some((candidate) => matchesOne(entry, candidate)));
}

function matchesOne(wanted: unknown, value: unknown): boolean {
  if (!isObject(wanted)) return wanted === value;
  return Object.entries(wanted).every(([operator, operand]) => MATCHERS[operator]?.(operand, value) ?? false);
}

function compares(comparisons: readonly unknown[], value: number): boolean {
  for (let at = 0; at < comparisons.length; at += 2) {
    const holds = COMPARISONS[String(comparisons[at])];
    if (!holds?.(value, Number(comparisons[at + 1]))) return false;
  }
  return true;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
