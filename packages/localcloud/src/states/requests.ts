import { invalid, invalidArn, invalidName, invalidToken, MAX_DATA_BYTES, StatesApiError } from "./errors.ts";

/** A request body after JSON.parse; every field is still to be checked. */
export type Request = Readonly<Record<string, unknown>>;

const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;
const MACHINE_ARN = /^arn:aws:states:[\w-]+:\d{12}:stateMachine:[^:\s]{1,80}$/;
const EXECUTION_ARN = /^arn:aws:states:[\w-]+:\d{12}:execution:[^:\s]{1,80}:[^:\s]{1,80}$/;

export function machineArnOf(request: Request): string {
  const arn = request.stateMachineArn;
  if (typeof arn !== "string" || !MACHINE_ARN.test(arn)) throw invalidArn(arn);
  return arn;
}

export function executionArnOf(request: Request): string {
  const arn = request.executionArn;
  if (typeof arn !== "string" || !EXECUTION_ARN.test(arn)) throw invalidArn(arn);
  return arn;
}

export function nameOf(request: Request): string | null {
  const { name } = request;
  if (name === undefined || name === null) return null;
  if (typeof name !== "string" || !NAME.test(name)) throw invalidName(name);
  return name;
}

/** The input as the text it was sent as: the same text again is the same execution. */
export function inputOf(request: Request): string {
  const input = request.input ?? "{}";
  if (typeof input !== "string")
    throw new StatesApiError("SerializationException", "The input must be a string.");
  if (Buffer.byteLength(input) > MAX_DATA_BYTES) {
    throw invalid(
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${MAX_DATA_BYTES}`,
    );
  }
  try {
    JSON.parse(input);
    return input;
  } catch (error) {
    throw new StatesApiError(
      "InvalidExecutionInput",
      `Invalid State Machine Execution Input: '${(error as Error).message}'`,
    );
  }
}

export function textOf(request: Request, field: string, maxLength: number): string | null {
  const value = request[field];
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && value.length <= maxLength) return value;
  throw invalid(
    `1 validation error detected: Value at '${field}' must be a string of at most ${maxLength} characters`,
  );
}

/** `maxResults`: 0 and absent mean the default of 100. */
export function pageSizeOf(request: Request): number {
  const size = request.maxResults ?? 0;
  if (Number.isInteger(size) && (size as number) >= 0 && (size as number) <= 1000)
    return (size as number) || 100;
  throw invalid("1 validation error detected: Value at 'maxResults' must be an integer between 0 and 1000");
}

/** Page tokens are places in a list, opaque to the client. */
export const pageToken = (place: object): string => Buffer.from(JSON.stringify(place)).toString("base64url");

export function placeOf<T>(request: Request, isPlace: (value: unknown) => value is T): T | null {
  const token = request.nextToken;
  if (token === undefined || token === null) return null;
  try {
    const place = JSON.parse(Buffer.from(String(token), "base64url").toString()) as unknown;
    if (isPlace(place)) return place;
  } catch {
    // Not a token of ours, answered below.
  }
  throw invalidToken();
}
