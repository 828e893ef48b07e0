import type { Behaviour, Repertoire } from "./behaviours.ts";
import type { Exchange } from "./exchange.ts";

/** Everything that xAI can be told to do. What is not named here as a fault draws a picture, and may spoil it. */
export const XAI_REPERTOIRE: Repertoire = {
  ok: [],
  slow: ["seconds"],
  "no-usage": [],
  "429": ["retryAfterSeconds"],
  "429-bare": [],
  quota: [],
  "quota-403": [],
  "500": [],
  "502-html": [],
  "503": [],
  "503-html": [],
  "504-html": [],
  auth: [],
  unauthorized: [],
  forbidden: [],
  "model-gone": [],
  invalid: [],
  "invalid-nested": [],
  "405": [],
  "415": [],
  "422": [],
  redirect: ["url"],
  moderated: [],
  "moderated-nested": [],
  "moderated-output": [],
  placeholder: [],
  mixed: [],
  "no-image": [],
  stall: [],
  "reset-before": [],
  "reset-after": [],
  "not-json": [],
  "not-an-image": [],
  truncated: [],
  bomb: [],
  huge: [],
};

/** An error in xAI's own kind of body. */
export const xaiError = (
  exchange: Exchange,
  status: number,
  code: string,
  error: string,
  headers?: Record<string, string>,
): void => exchange.json(status, { code, error }, headers);

type Fault = (exchange: Exchange, behaviour: Behaviour) => void | Promise<void>;

const flat =
  (status: number, code: string, error: string): Fault =>
  (exchange) =>
    xaiError(exchange, status, code, error);
/** The other kind of body, OpenAI's. */
const nested =
  (status: number, type: string, message: string): Fault =>
  (exchange) =>
    exchange.json(status, { error: { message, type, code: null } });
const html =
  (status: number, title: string): Fault =>
  (exchange) =>
    exchange.html(status, `${status} ${title}`);

const INVALID = "Client specified an invalid argument";
const FORBIDDEN = "The caller does not have permission to execute the specified operation";
const EXHAUSTED = "Some resource has been exhausted";
const GUIDELINES =
  "Generated image rejected by content moderation: the request violates our usage guidelines.";
const SPENT =
  "Your team has either used all available credits or reached its monthly spending limit. To continue, purchase more credits or raise your spending limit.";

/** Answers in place of a picture. */
export const XAI_FAULTS: Readonly<Record<string, Fault>> = {
  "429": (exchange, { retryAfterSeconds = 2 }) =>
    xaiError(exchange, 429, EXHAUSTED, "Too many requests for this model.", {
      "retry-after": String(retryAfterSeconds),
    }),
  "429-bare": flat(429, EXHAUSTED, "Too many requests for this model."),
  quota: flat(429, EXHAUSTED, SPENT),
  "quota-403": flat(403, FORBIDDEN, SPENT),
  "500": flat(500, "Internal error", "Internal server error"),
  "502-html": html(502, "Bad Gateway"),
  "503": flat(503, "The service is currently unavailable", "Service temporarily unavailable."),
  "503-html": html(503, "Service Temporarily Unavailable"),
  "504-html": html(504, "Gateway Time-out"),
  auth: flat(
    400,
    INVALID,
    "Incorrect API key provided: xa***ey. You can obtain an API key from console.x.ai.",
  ),
  unauthorized: nested(401, "authentication_error", "No API key was provided."),
  forbidden: flat(403, FORBIDDEN, "The model is not available in your region."),
  "model-gone": flat(404, "Some requested entity was not found", "The model does not exist."),
  invalid: flat(400, INVALID, "Argument not supported: size"),
  "invalid-nested": nested(400, "invalid_request_error", "Invalid aspect ratio"),
  "405": html(405, "Method Not Allowed"),
  "415": html(415, "Unsupported Media Type"),
  "422": flat(422, INVALID, "Failed to deserialize the JSON body into the target type"),
  redirect: (exchange, { url = "http://127.0.0.1:9/elsewhere" }) =>
    exchange.bytes(307, "", { location: url }),
  moderated: flat(400, INVALID, GUIDELINES),
  "moderated-nested": nested(400, "invalid_request_error", GUIDELINES),
  "no-image": (exchange) => exchange.json(200, { data: [], usage: { cost_in_usd_ticks: 200_000_000 } }),
  stall: (exchange) => exchange.stall("application/json", '{"data":[{"b64_json":"'),
  "reset-after": (exchange) => exchange.reset(),
  "not-json": (exchange) =>
    exchange.bytes(200, "upstream connect error", { "content-type": "application/json" }),
};
