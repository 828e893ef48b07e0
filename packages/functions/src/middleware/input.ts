import { IDEMPOTENCY_KEY, IdempotencyKey, type RouteSpec } from "@imgpilot/contract/route-spec";
import { Refusal } from "@imgpilot/core/errors";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { type output, z } from "zod";

const MAX_BYTES = 1_000_000;
const MAX_DEPTH = 32;
const MAX_ERRORS = 20;

/** A request's parts as the route's schemas made them. */
export type Input = { params: unknown; query: unknown; body: unknown; idempotencyKey: string };

/**
 * Parses what a route takes; header names are lower case by now.
 * @throws {Refusal} `request.*` with the fields that are wrong, or `key.missing`.
 */
export function readInput(route: RouteSpec, event: APIGatewayProxyEventV2): Input {
  return {
    params: route.params ? parse(route.params, event.pathParameters ?? {}) : {},
    query: route.query ? parse(route.query, event.queryStringParameters ?? {}) : {},
    idempotencyKey: route.spends ? readKey(event) : "",
    body: route.body ? parse(route.body, readJson(event)) : undefined,
  };
}

function readKey({ headers }: APIGatewayProxyEventV2): string {
  const key = headers[IDEMPOTENCY_KEY];
  if (!key) throw new Refusal("key.missing");
  return (
    parse(z.object({ [IDEMPOTENCY_KEY]: IdempotencyKey }), { [IDEMPOTENCY_KEY]: key })[IDEMPOTENCY_KEY] ?? key
  );
}

function readJson({ headers, body = "", isBase64Encoded }: APIGatewayProxyEventV2): unknown {
  const type = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") throw new Refusal("request.unsupported");
  const bytes = Buffer.from(body, isBase64Encoded ? "base64" : "utf8");
  if (bytes.byteLength > MAX_BYTES) throw new Refusal("request.too_large", `At most ${MAX_BYTES} bytes`);
  const json = parseJson(bytes.toString("utf8"));
  if (isDeeper(json, MAX_DEPTH)) throw new Refusal("request.malformed", `Nested more than ${MAX_DEPTH} deep`);
  return json;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("request.malformed");
  }
}

/** Level by level, so that depth costs no stack. */
function isDeeper(json: unknown, levels: number): boolean {
  let level: unknown[] = [json];
  for (let depth = 0; depth <= levels; depth += 1) {
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
    if (level.length === 0) return false;
  }
  return true;
}

function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.slice(0, MAX_ERRORS).map((issue) => ({
    path: issue.path.join("."),
    message: issue.message,
  }));
  throw new Refusal("request.invalid", undefined, errors);
}
