import type { ServerResponse } from "node:http";
import type { Outcome } from "../lambda/outcome.ts";

/** A whole answer, as one part of the cloud hands it to another. */
export type Answer = {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: Buffer;
};

/** Headers that belong to the connection and not to the function. */
const CONNECTION_HEADERS = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
]);

/** What an outcome says as an HTTP answer, or null where the function failed or answered nonsense. */
export function functionAnswer(outcome: Outcome): Answer | null {
  if (outcome.isError) return null;
  const result = JSON.parse(outcome.body) as unknown;
  if (!isObject(result) || !("statusCode" in result)) return plainAnswer(result);
  const statusCode = Number(result.statusCode);
  if (!Number.isInteger(statusCode) || statusCode < 100 || statusCode > 599) return null;
  const body = result.body ?? "";
  if (typeof body !== "string") return null;
  return {
    statusCode,
    headers: headersOf(result.headers),
    cookies: Array.isArray(result.cookies) ? result.cookies.map(String) : [],
    body: Buffer.from(body, result.isBase64Encoded === true ? "base64" : "utf8"),
  };
}

export function send(response: ServerResponse, answer: Answer): void {
  response.statusCode = answer.statusCode;
  for (const [name, value] of Object.entries(answer.headers)) response.setHeader(name, value);
  if (answer.cookies.length > 0) response.setHeader("set-cookie", [...answer.cookies]);
  response.end(answer.body);
}

/** A function that names no status is taken to have answered 200 with all it returned, as JSON. */
const plainAnswer = (result: unknown): Answer => jsonAnswer(200, result);

export function jsonAnswer(statusCode: number, value: unknown): Answer {
  const body = Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  return { statusCode, headers: { "content-type": "application/json" }, cookies: [], body };
}

function headersOf(headers: unknown): Record<string, string> {
  if (!isObject(headers)) return {};
  const kept = Object.entries(headers)
    .map(
      ([name, value]) =>
        [name.toLowerCase(), Array.isArray(value) ? value.join(",") : String(value)] as const,
    )
    .filter(([name]) => !CONNECTION_HEADERS.has(name));
  return { "content-type": "text/plain;charset=utf-8", ...Object.fromEntries(kept) };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
