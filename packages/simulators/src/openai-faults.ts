import type { Behaviour, Repertoire } from "./behaviours.ts";
import type { Exchange } from "./exchange.ts";

/** Everything that OpenAI can be told to do. What is not named here as a fault draws a picture, and may spoil it. */
export const OPENAI_REPERTOIRE: Repertoire = {
  ok: [],
  slow: ["seconds"],
  "no-usage": [],
  "429": ["retryAfterSeconds"],
  "429-ms": ["retryAfterSeconds"],
  "slow-down": [],
  quota: ["reason"],
  "500": [],
  "502-html": [],
  "503": [],
  "503-html": [],
  "504-html": [],
  auth: [],
  region: [],
  unverified: [],
  "model-gone": [],
  "model-unknown": [],
  invalid: [],
  "413": [],
  "422": [],
  redirect: ["url"],
  "moderated-input": ["reason"],
  "moderated-output": ["reason"],
  moderated: ["reason"],
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

type Told = { readonly type?: string; readonly code?: string | null; readonly param?: string | null };

/** An error as OpenAI words it. */
export function openaiError(
  exchange: Exchange,
  status: number,
  message: string,
  { type = "invalid_request_error", code = null, param = null, ...more }: Told & object = {},
  headers: Record<string, string> = {},
): void {
  exchange.json(status, { error: { message, type, param, code, ...more } }, { ...requestId(), ...headers });
}

let requests = 0;
/** Every answer has one. */
export const requestId = () => ({ "x-request-id": `req_${String(++requests).padStart(12, "0")}` });

type Fault = (exchange: Exchange, behaviour: Behaviour) => void | Promise<void>;

const REJECTED =
  "Your request was rejected by the safety system. If you believe this is an error, contact us at help.openai.com and include the request ID.";

/** Blocks say their stage in newer answers, and their categories in the message too. */
const blocked =
  (stage?: "input" | "output"): Fault =>
  (exchange, { reason = "violence" }) =>
    openaiError(exchange, 400, `${REJECTED} safety_violations=[${reason}].`, {
      type: "image_generation_user_error",
      code: "moderation_blocked",
      ...(stage ? { moderation_details: { moderation_stage: stage, categories: [reason] } } : {}),
    });

const LIMITED =
  "Rate limit reached for gpt-image-2.6-flare in organization org-1 on images per min: Limit 5.";

const limited: Fault = (exchange, { name, retryAfterSeconds = 2 }) =>
  openaiError(
    exchange,
    429,
    LIMITED,
    { type: "input-images", code: "rate_limit_exceeded" },
    name === "429-ms"
      ? { "retry-after-ms": String(retryAfterSeconds * 1_000) }
      : { "retry-after": String(retryAfterSeconds) },
  );

const broken =
  (status: number, type: string, code: string | null, message: string): Fault =>
  (exchange) =>
    openaiError(exchange, status, message, { type, code });
const html =
  (status: number, title: string): Fault =>
  (exchange) =>
    exchange.html(status, `${status} ${title}`);
const REQUEST = "invalid_request_error";

/** Answers in place of a picture. */
export const OPENAI_FAULTS: Readonly<Record<string, Fault>> = {
  "429": limited,
  "429-ms": limited,
  "slow-down": broken(429, "requests", "slow_down", "Please slow down your request rate."),
  quota: (exchange, { reason = "insufficient_quota" }) =>
    openaiError(exchange, 429, "You exceeded your current quota, please check your plan and billing.", {
      type: "insufficient_quota",
      code: reason,
    }),
  "500": broken(500, "server_error", null, "The server had an error while processing your request. Sorry."),
  "502-html": html(502, "Bad Gateway"),
  "503": broken(503, "server_error", "server_is_overloaded", "The server is overloaded. Try again later."),
  "503-html": html(503, "Service Temporarily Unavailable"),
  "504-html": html(504, "Gateway Time-out"),
  auth: broken(401, REQUEST, "invalid_api_key", "Incorrect API key provided: sk-****."),
  region: broken(
    403,
    "request_forbidden",
    "unsupported_country_region_territory",
    "Country, region, or territory not supported",
  ),
  unverified: broken(403, REQUEST, null, "Your organization must be verified to use this model."),
  "model-gone": broken(404, REQUEST, "model_not_found", "The model has been deprecated."),
  "model-unknown": broken(400, REQUEST, "model_not_found", "The model does not exist."),
  invalid: broken(400, REQUEST, "invalid_value", "Invalid value."),
  "413": html(413, "Request Entity Too Large"),
  "422": broken(422, REQUEST, null, "Unprocessable entity."),
  redirect: (exchange, { url = "http://127.0.0.1:9/elsewhere" }) =>
    exchange.bytes(307, "", { location: url }),
  "moderated-input": blocked("input"),
  "moderated-output": blocked("output"),
  moderated: blocked(),
  "no-image": (exchange) =>
    exchange.json(200, { created: 1_795_000_000, data: [], output_format: "png" }, requestId()),
  stall: (exchange) => exchange.stall("application/json", '{"created":1795000000,"data":[{"b64_json":"'),
  "reset-after": (exchange) => exchange.reset(),
  "not-json": (exchange) =>
    exchange.bytes(200, "upstream connect error", { "content-type": "application/json" }),
};
