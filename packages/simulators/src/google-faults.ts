import type { Behaviour, Repertoire } from "./behaviours.ts";
import type { Exchange } from "./exchange.ts";

/** Everything that Google can be told to do. What is not named here as a fault draws a picture, and may spoil it. */
export const GOOGLE_REPERTOIRE: Repertoire = {
  ok: [],
  slow: ["seconds"],
  thoughts: [],
  "429": ["retryAfterSeconds"],
  "429-header": ["retryAfterSeconds"],
  quota: [],
  "quota-zero": [],
  capacity: ["retryAfterSeconds"],
  "402": [],
  "500": [],
  "502-html": [],
  "503": [],
  "503-html": [],
  "504": [],
  auth: [],
  forbidden: [],
  region: [],
  billing: [],
  "model-gone": [],
  invalid: [],
  redirect: ["url"],
  "moderated-input": ["reason"],
  "moderated-output": ["reason"],
  "no-image": ["reason"],
  "text-only": [],
  empty: [],
  stall: [],
  "reset-before": [],
  "reset-after": [],
  "not-json": [],
  "not-an-image": [],
  truncated: [],
  bomb: [],
  huge: [],
};

/** An error as Google words it. */
export function googleError(
  exchange: Exchange,
  code: number,
  status: string,
  message: string,
  details: readonly object[] = [],
): void {
  const error = { code, message, status, ...(details.length > 0 ? { details } : {}) };
  exchange.json(code, { error });
}

type Fault = (exchange: Exchange, behaviour: Behaviour) => void | Promise<void>;

const TYPE = "type.googleapis.com/google.rpc";
const retryInfo = (seconds: number) => ({ "@type": `${TYPE}.RetryInfo`, retryDelay: `${seconds}s` });
const errorInfo = (reason: string) => ({ "@type": `${TYPE}.ErrorInfo`, reason, domain: "googleapis.com" });
const quotaFailure = (quotaId: string, quotaValue: string) => ({
  "@type": `${TYPE}.QuotaFailure`,
  violations: [
    {
      quotaMetric: "generativelanguage.googleapis.com/generate_content_requests",
      quotaId,
      quotaDimensions: { location: "global", model: "gemini-nano-banana-2.1" },
      quotaValue,
    },
  ],
});
const EXCEEDED = "You exceeded your current quota, please check your plan and billing details.";
const exhausted = (exchange: Exchange, message: string, details: readonly object[]) =>
  googleError(exchange, 429, "RESOURCE_EXHAUSTED", message, details);
const judged = (exchange: Exchange, candidate: object) =>
  exchange.json(200, {
    candidates: [{ index: 0, ...candidate }],
    usageMetadata: { promptTokenCount: 8, candidatesTokenCount: 1_120, totalTokenCount: 1_128 },
    modelVersion: "gemini-nano-banana-2.1",
    responseId: "c2ltdWxhdGVk",
  });

const PER_MINUTE = quotaFailure("GenerateRequestsPerMinutePerProjectPerModel", "20");

/** Answers in place of a picture. */
export const GOOGLE_FAULTS: Readonly<Record<string, Fault>> = {
  "429": (exchange, { retryAfterSeconds = 2 }) =>
    exhausted(exchange, EXCEEDED, [PER_MINUTE, retryInfo(retryAfterSeconds)]),
  "429-header": (exchange, { retryAfterSeconds = 2 }) =>
    exchange.json(
      429,
      { error: { code: 429, message: "Resource has been exhausted", status: "RESOURCE_EXHAUSTED" } },
      { "retry-after": String(retryAfterSeconds) },
    ),
  quota: (exchange) =>
    exhausted(exchange, EXCEEDED, [
      quotaFailure("GenerateRequestsPerDayPerProjectPerModel", "250"),
      retryInfo(36),
    ]),
  "quota-zero": (exchange) =>
    exhausted(
      exchange,
      `${EXCEEDED}\n* Quota exceeded for metric: generate_requests, limit: 0, model: image`,
      [retryInfo(21)],
    ),
  capacity: (exchange, { retryAfterSeconds = 5 }) =>
    exhausted(exchange, "No capacity available for this model.", [
      errorInfo("MODEL_CAPACITY_EXHAUSTED"),
      retryInfo(retryAfterSeconds),
    ]),
  "402": (exchange) =>
    googleError(exchange, 402, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted."),
  "500": (exchange) => googleError(exchange, 500, "INTERNAL", "An internal error has occurred."),
  "502-html": (exchange) => exchange.html(502, "502 Bad Gateway"),
  "503": (exchange) =>
    googleError(exchange, 503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
  "503-html": (exchange) => exchange.html(503, "Error 503 (Service Unavailable)"),
  "504": (exchange) =>
    googleError(exchange, 504, "DEADLINE_EXCEEDED", "The request timed out. Please try again."),
  auth: (exchange) =>
    googleError(exchange, 400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", [
      errorInfo("API_KEY_INVALID"),
    ]),
  forbidden: (exchange) =>
    googleError(exchange, 403, "PERMISSION_DENIED", "The caller does not have permission"),
  region: (exchange) =>
    googleError(exchange, 400, "FAILED_PRECONDITION", "User location is not supported for the API use."),
  billing: (exchange) =>
    googleError(
      exchange,
      400,
      "FAILED_PRECONDITION",
      "Please enable billing on project in Google AI Studio.",
    ),
  "model-gone": (exchange) =>
    googleError(
      exchange,
      404,
      "NOT_FOUND",
      "The model is not found for API version v1beta, or is not supported.",
    ),
  invalid: (exchange) =>
    googleError(exchange, 400, "INVALID_ARGUMENT", "Request contains an invalid argument."),
  redirect: (exchange, { url = "http://127.0.0.1:9/elsewhere" }) =>
    exchange.bytes(307, "", { location: url, "content-type": "text/html" }),
  "moderated-input": (exchange, { reason = "PROHIBITED_CONTENT" }) =>
    exchange.json(200, {
      promptFeedback: { blockReason: reason },
      usageMetadata: { promptTokenCount: 8, totalTokenCount: 8 },
      modelVersion: "gemini-nano-banana-2.1",
    }),
  "moderated-output": (exchange, { reason = "IMAGE_SAFETY" }) => judged(exchange, { finishReason: reason }),
  "no-image": (exchange, { reason = "NO_IMAGE" }) =>
    judged(exchange, { content: { role: "model", parts: [] }, finishReason: reason }),
  "text-only": (exchange) =>
    judged(exchange, {
      content: { role: "model", parts: [{ text: "Which kind of fox would you like me to draw?" }] },
      finishReason: "STOP",
    }),
  empty: (exchange) => exchange.json(200, {}),
  stall: (exchange) =>
    exchange.stall("application/json; charset=UTF-8", '{"candidates":[{"content":{"parts":['),
  "reset-after": (exchange) => exchange.reset(),
  "not-json": (exchange) =>
    exchange.bytes(200, "upstream connect error", { "content-type": "application/json" }),
};
