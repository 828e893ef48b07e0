import type { Behaviour, Repertoire } from "./behaviours.ts";
import { detail, type Fault, QUEUE_REPERTOIRE, QUEUE_SUBMIT_FAULTS } from "./queue-faults.ts";

/** Everything that fal can be told to do. A behaviour is met by a submit and stays with its order. */
export const FAL_REPERTOIRE: Repertoire = {
  ...QUEUE_REPERTOIRE,
  "429": ["retryAfterSeconds"],
  quota: [],
  locked: [],
  auth: [],
  "model-gone": [],
  invalid: [],
  "no-status-url": [],
  "untrusted-status-url": ["url"],
  "untrusted-response-url": ["url"],
  "moderated-input": ["polls", "reason"],
  "moderated-bare": ["polls"],
  moderated: ["polls", "reason"],
  "moderated-output": ["polls"],
  "no-image": ["polls"],
  empty: ["polls"],
  "model-500": ["polls"],
  "model-timeout": ["polls"],
  downstream: ["polls"],
  "bad-reference": ["polls"],
  "start-timeout": ["polls"],
  "runner-gone": ["polls"],
  cancelled: ["polls"],
  "result-500": ["polls"],
  "result-404": ["polls"],
};

/** Answers to a submit in place of an order. */
export const FAL_SUBMIT_FAULTS: Readonly<Record<string, Fault>> = {
  ...QUEUE_SUBMIT_FAULTS,
  "429": (exchange, { retryAfterSeconds = 2 }) =>
    detail(exchange, 429, "Too many requests", { "retry-after": String(retryAfterSeconds) }),
  quota: (exchange) =>
    detail(
      exchange,
      403,
      "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing.",
    ),
  locked: (exchange) =>
    detail(exchange, 403, "User is locked. Reason: Admin lock. Please contact support@fal.ai."),
  auth: (exchange) => detail(exchange, 401, "Authentication is required to access this application"),
  "model-gone": (exchange) => detail(exchange, 404, "Application 'nano-banana' not found"),
  invalid: (exchange) => finding(exchange, 422, { type: "value_error", loc: ["body", "prompt"] }),
  "no-status-url": (exchange) => exchange.json(200, { status: "IN_QUEUE", request_id: "1" }),
};

/** An order that the queue ended, by its `error_type` and the status that its result has. */
export const QUEUE_ENDINGS: Readonly<Record<string, readonly [type: string, status: number]>> = {
  "start-timeout": ["startup_timeout", 504],
  "runner-gone": ["runner_disconnected", 503],
  cancelled: ["client_cancelled", 499],
};

type Found = {
  readonly type: string;
  readonly loc?: readonly string[];
  readonly categories?: readonly string[];
  /** As endpoints answer that were not moved to `detail` yet. */
  readonly isBare?: true;
};

/** A model's answer that is no picture. */
const MODEL_ENDINGS: Readonly<
  Record<string, (behaviour: Behaviour) => readonly [status: number, found: Found]>
> = {
  "moderated-input": ({ reason = "sexual" }) => [
    422,
    { type: "content_policy_violation", loc: ["body", "prompt"], categories: [reason] },
  ],
  "moderated-bare": () => [
    422,
    { type: "content_policy_violation", loc: ["body", "image_url"], categories: ["violence"], isBare: true },
  ],
  moderated: ({ reason }) => [
    422,
    { type: "content_policy_violation", ...(reason ? { categories: [reason] } : {}) },
  ],
  "no-image": () => [422, { type: "no_media_generated" }],
  "model-500": () => [500, { type: "internal_server_error" }],
  "model-timeout": () => [504, { type: "generation_timeout" }],
  downstream: () => [400, { type: "downstream_service_error" }],
  "bad-reference": () => [422, { type: "image_load_error", loc: ["body", "image_urls", "0"] }],
};

/** How the result of an order with this behaviour is answered, or null where it is a picture. */
export function modelEndingOf(behaviour: Behaviour): Fault | null {
  const ending = MODEL_ENDINGS[behaviour.name]?.(behaviour);
  return ending ? (exchange) => finding(exchange, ...ending) : null;
}

/** Whether the order ends without a picture, and so is paced by its own `polls`. */
export const isEnding = ({ name }: Behaviour): boolean =>
  Object.hasOwn(QUEUE_ENDINGS, name) ||
  Object.hasOwn(MODEL_ENDINGS, name) ||
  name === "moderated-output" ||
  name === "empty";

/** A model's error as fal words it: the input is quoted back, prompt and all. */
export function finding(
  exchange: Parameters<Fault>[0],
  status: number,
  { type, loc = ["body"], isBare, ...more }: Found,
): void {
  const url = `https://docs.fal.ai/errors/#${type}`;
  const found = { loc, msg: `The request failed: ${type}`, type, url, input: "a red fox in snow", ...more };
  exchange.json(status, isBare ? [found] : { detail: [found] }, {
    "x-fal-retryable": status >= 500 ? "true" : "false",
    "x-fal-request-id": "1",
  });
}
