import type { Behaviour, Repertoire } from "./behaviours.ts";
import type { Exchange } from "./exchange.ts";
import { type Fault, QUEUE_REPERTOIRE, QUEUE_SUBMIT_FAULTS } from "./queue-faults.ts";

/** Everything that Replicate can be told to do. A behaviour is met by a submit and stays with its prediction. */
export const REPLICATE_REPERTOIRE: Repertoire = {
  ...QUEUE_REPERTOIRE,
  "429": ["retryAfterSeconds"],
  "429-header": ["retryAfterSeconds"],
  quota: [],
  auth: [],
  forbidden: [],
  "model-gone": [],
  invalid: [],
  "no-get-url": [],
  "untrusted-get-url": ["url"],
  moderated: ["polls"],
  "moderated-nsfw": ["polls"],
  failed: ["polls"],
  busy: ["polls"],
  "input-refused": ["polls"],
  canceled: ["polls"],
  aborted: ["polls"],
  empty: ["polls"],
  "data-removed": ["polls"],
};

/** A problem as Replicate words it. */
export const problem = (
  exchange: Exchange,
  status: number,
  title: string,
  detail: string,
  more: object = {},
  headers?: Record<string, string>,
) => exchange.json(status, { title, detail, status, ...more }, headers);

/** Answers to a submit in place of a prediction. */
export const REPLICATE_SUBMIT_FAULTS: Readonly<Record<string, Fault>> = {
  ...QUEUE_SUBMIT_FAULTS,
  "429": (exchange, { retryAfterSeconds = 2 }) =>
    exchange.json(429, {
      detail: `Request was throttled. Your rate limit resets in ~${retryAfterSeconds}s.`,
      status: 429,
    }),
  "429-header": (exchange, { retryAfterSeconds = 2 }) =>
    exchange.json(
      429,
      { detail: "Request was throttled.", status: 429 },
      { "retry-after": String(retryAfterSeconds) },
    ),
  quota: (exchange) =>
    problem(
      exchange,
      402,
      "Insufficient credit",
      "You have insufficient credit to run this model. Go to https://replicate.com/account/billing#billing to purchase credit.",
    ),
  auth: (exchange) =>
    problem(exchange, 401, "Unauthenticated", "You did not pass a valid authentication token"),
  forbidden: (exchange) => problem(exchange, 403, "Forbidden", "You do not have access to this model"),
  "model-gone": (exchange) =>
    exchange.json(404, { detail: "The requested resource could not be found.", status: 404 }),
  invalid: (exchange) =>
    problem(exchange, 422, "Input validation failed", "- input.prompt: prompt is required\n", {
      invalid_fields: [{ type: "required", field: "input", description: "prompt is required" }],
    }),
  "no-get-url": (exchange) => exchange.json(201, { id: "1", status: "starting", urls: {} }),
};

type Ending = { readonly status: string; readonly error: string | null; readonly more?: object };

/** States that end a prediction instead of a picture. */
const ENDINGS: Readonly<Record<string, Ending>> = {
  moderated: {
    status: "failed",
    error:
      "The input or output was flagged as sensitive. Please try again with different inputs. (E005) (a1b2c3)",
  },
  "moderated-nsfw": { status: "failed", error: "NSFW content detected. Try running it again." },
  failed: { status: "failed", error: "Prediction interrupted; please retry (code: PA)" },
  busy: { status: "failed", error: "Service is currently unavailable due to high demand. (E003)" },
  "input-refused": { status: "failed", error: "The input was invalid. Please check your inputs. (E006)" },
  canceled: { status: "canceled", error: null },
  aborted: { status: "aborted", error: null },
  empty: { status: "succeeded", error: null },
  "data-removed": { status: "succeeded", error: null, more: { data_removed: true } },
};

export const endingOf = ({ name }: Behaviour): Ending | undefined => ENDINGS[name];
