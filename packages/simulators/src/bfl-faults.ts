import type { Behaviour, Repertoire } from "./behaviours.ts";
import type { Exchange } from "./exchange.ts";

/** Everything that Black Forest Labs can be told to do. A behaviour is met by a submit and stays with its order. */
export const BFL_REPERTOIRE: Repertoire = {
  ok: [],
  slow: ["seconds"],
  "429": ["retryAfterSeconds"],
  "429-ms": ["retryAfterSeconds"],
  "429-body": ["retryAfterSeconds"],
  quota: [],
  auth: [],
  unauthorized: [],
  "model-gone": [],
  invalid: [],
  "400": [],
  "500": [],
  "502-html": [],
  "503": [],
  "503-html": [],
  redirect: ["url"],
  stall: [],
  "reset-before": [],
  "reset-after": [],
  "not-json": [],
  "no-polling-url": [],
  "untrusted-polling-url": ["url"],
  pending: ["polls"],
  "unknown-status": ["polls", "status"],
  "moderated-input": ["polls", "reason"],
  "moderated-output": ["polls", "reason"],
  error: ["polls"],
  failed: ["polls"],
  "task-not-found": ["polls"],
  "poll-404": ["polls"],
  "poll-500": ["polls"],
  "poll-503-html": ["polls"],
  "poll-429": ["polls", "retryAfterSeconds"],
  "poll-auth": ["polls"],
  "poll-not-json": ["polls"],
  "poll-stall": ["polls"],
  "poll-reset": ["polls"],
  "poll-redirect": ["polls", "url"],
  "sample-403": ["polls"],
  "sample-500": ["polls"],
  "sample-reset": ["polls"],
  "sample-redirect": [],
  "sample-untrusted": ["url"],
  "not-an-image": [],
  truncated: [],
  bomb: [],
  huge: [],
};

type Fault = (exchange: Exchange, behaviour: Behaviour) => void | Promise<void>;

const detail = (exchange: Exchange, status: number, text: string, headers?: Record<string, string>) =>
  exchange.json(status, { detail: text }, headers);
const JSON_TYPE = "application/json";
const ELSEWHERE = "http://127.0.0.1:9/elsewhere";
const redirect: Fault = (exchange, { url = ELSEWHERE }) => exchange.bytes(307, "", { location: url });

/** Answers to a submit in place of an order. */
export const SUBMIT_FAULTS: Readonly<Record<string, Fault>> = {
  "429": (exchange, { retryAfterSeconds = 2 }) =>
    detail(exchange, 429, "Rate limit exceeded", { "retry-after": String(retryAfterSeconds) }),
  "429-ms": (exchange, { retryAfterSeconds = 2 }) =>
    detail(exchange, 429, "Rate limit exceeded", { "retry-after-ms": String(retryAfterSeconds * 1_000) }),
  "429-body": (exchange, { retryAfterSeconds = 2 }) =>
    exchange.json(429, {
      error: "rate_limit_exceeded",
      message: "Too many tasks",
      retry_after: retryAfterSeconds,
    }),
  quota: (exchange) => detail(exchange, 402, "Insufficient credits"),
  auth: (exchange) => detail(exchange, 403, "Not authenticated - Invalid Authentication"),
  unauthorized: (exchange) =>
    exchange.json(401, { error: "unauthorized", message: "Invalid API key", details: {} }),
  "model-gone": (exchange) => detail(exchange, 404, "Not Found"),
  invalid: (exchange) =>
    exchange.json(422, {
      detail: [{ loc: ["body", "prompt"], msg: "Value error, the prompt is not valid", type: "value_error" }],
    }),
  "400": (exchange) => detail(exchange, 400, "Bad request"),
  "500": (exchange) => detail(exchange, 500, "Internal Server Error"),
  "502-html": (exchange) => exchange.html(502, "502 Bad Gateway"),
  "503": (exchange) => detail(exchange, 503, "Service Unavailable"),
  "503-html": (exchange) => exchange.html(503, "503 Service Temporarily Unavailable"),
  redirect,
  stall: (exchange) => exchange.stall(JSON_TYPE, '{"id":"'),
  "reset-after": (exchange) => exchange.reset(),
  "not-json": (exchange) => exchange.bytes(200, "upstream connect error", { "content-type": JSON_TYPE }),
};

/** What the first polls of an order meet, as many as `polls` says (1), before it goes on as if nothing had been. */
export const POLL_FAULTS: Readonly<Record<string, Fault>> = {
  "poll-500": (exchange) => detail(exchange, 500, "Internal Server Error"),
  "poll-503-html": (exchange) => exchange.html(503, "503 Service Temporarily Unavailable"),
  "poll-429": (exchange, { retryAfterSeconds = 2 }) =>
    detail(exchange, 429, "Rate limit exceeded", { "retry-after": String(retryAfterSeconds) }),
  "poll-auth": (exchange) => detail(exchange, 403, "Not authenticated"),
  "poll-not-json": (exchange) => exchange.bytes(200, "<html>", { "content-type": JSON_TYPE }),
  "poll-stall": (exchange) => exchange.stall(JSON_TYPE, '{"id":"'),
  "poll-reset": (exchange) => exchange.reset(),
  "poll-404": (exchange) => detail(exchange, 404, "Not Found"),
  "poll-redirect": redirect,
};

/** What the first fetches of the picture meet, as many as `polls` says (1). */
export const SAMPLE_FAULTS: Readonly<Record<string, Fault>> = {
  "sample-403": (exchange) =>
    exchange.bytes(403, "<Error><Code>AuthenticationFailed</Code></Error>", {
      "content-type": "application/xml",
    }),
  "sample-500": (exchange) => exchange.html(500, "Internal Server Error"),
  "sample-reset": (exchange) => exchange.reset(),
};

/** Statuses that end an order instead of `Ready`, with what is told beside them. */
export function endingOf({ name, reason }: Behaviour): { status: string; details?: unknown } | null {
  switch (name) {
    case "moderated-input":
      return {
        status: "Request Moderated",
        details: { "Moderation Reasons": [reason ?? "Derivative Works Filter"] },
      };
    case "moderated-output":
      return { status: "Content Moderated", details: { "Moderation Reasons": [reason ?? "Safety Filter"] } };
    case "error":
      return { status: "Error", details: { error: "The generation failed" } };
    case "failed":
      return { status: "Failed" };
    case "task-not-found":
      return { status: "Task not found" };
    default:
      return null;
  }
}
