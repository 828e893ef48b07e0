import type { Behaviour, Repertoire } from "./behaviours.ts";
import type { Exchange } from "./exchange.ts";
import { spoiled } from "./pictures/broken.ts";
import { drawPicture } from "./pictures/draw.ts";
import { sizeOf } from "./pictures/size.ts";
import type { QueuedOrder } from "./queued-orders.ts";

/** What fal and Replicate have in common: how the way to a queued order and to its picture can break. */
export type Fault = (exchange: Exchange, behaviour: Behaviour) => void | Promise<void>;

const ELSEWHERE = "http://127.0.0.1:9/elsewhere";
const JSON_TYPE = "application/json";

/** Both say what is wrong in `detail`. */
export const detail = (exchange: Exchange, status: number, text: string, headers?: Record<string, string>) =>
  exchange.json(status, { detail: text }, headers);

/** Everything that a queue can be told to do besides its own endings. */
export const QUEUE_REPERTOIRE: Repertoire = {
  ok: [],
  slow: ["seconds"],
  "400": [],
  "500": [],
  "502-html": [],
  "503": [],
  "503-html": [],
  "504": [],
  redirect: ["url"],
  stall: [],
  "reset-before": [],
  "reset-after": [],
  "not-json": [],
  pending: ["polls"],
  "unknown-status": ["polls", "status"],
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

const redirect: Fault = (exchange, { url = ELSEWHERE }) => exchange.bytes(307, "", { location: url });

/** Answers to a submit in place of an order. */
export const QUEUE_SUBMIT_FAULTS: Readonly<Record<string, Fault>> = {
  "400": (exchange) => detail(exchange, 400, "Bad request"),
  "500": (exchange) => detail(exchange, 500, "Internal Server Error"),
  "502-html": (exchange) => exchange.html(502, "502 Bad Gateway"),
  "503": (exchange) => detail(exchange, 503, "Service Unavailable"),
  "503-html": (exchange) => exchange.html(503, "503 Service Temporarily Unavailable"),
  "504": (exchange) => detail(exchange, 504, "Gateway Timeout"),
  redirect,
  stall: (exchange) => exchange.stall(JSON_TYPE, '{"id":"'),
  "reset-after": (exchange) => exchange.reset(),
  "not-json": (exchange) => exchange.bytes(200, "upstream connect error", { "content-type": JSON_TYPE }),
};

/** What the first polls of an order meet, as many as `polls` says (1), before it goes on as if nothing had been. */
export const QUEUE_POLL_FAULTS: Readonly<Record<string, Fault>> = {
  "poll-404": (exchange) => detail(exchange, 404, "Not Found"),
  "poll-500": (exchange) => detail(exchange, 500, "Internal Server Error"),
  "poll-503-html": (exchange) => exchange.html(503, "503 Service Temporarily Unavailable"),
  "poll-429": (exchange, { retryAfterSeconds = 2 }) =>
    detail(exchange, 429, "Too many requests", { "retry-after": String(retryAfterSeconds) }),
  "poll-auth": (exchange) => detail(exchange, 401, "Unauthenticated"),
  "poll-not-json": (exchange) => exchange.bytes(200, "<html>", { "content-type": JSON_TYPE }),
  "poll-stall": (exchange) => exchange.stall(JSON_TYPE, '{"id":"'),
  "poll-reset": (exchange) => exchange.reset(),
  "poll-redirect": redirect,
};

/** What the first fetches of the picture meet, as many as `polls` says (1). */
const SAMPLE_FAULTS: Readonly<Record<string, Fault>> = {
  "sample-403": (exchange) =>
    exchange.bytes(403, "<Error><Code>AccessDenied</Code></Error>", { "content-type": "application/xml" }),
  "sample-500": (exchange) => exchange.html(500, "Internal Server Error"),
  "sample-reset": (exchange) => exchange.reset(),
};

/** Where the picture lies, or where it is said to. */
export const sampleOf = ({ behaviour: { name, url } }: QueuedOrder, address: string): string =>
  name === "sample-untrusted" ? (url ?? "http://127.0.0.1:9/sample.png") : address;

/** The store that a picture is fetched from. It needs no key: nobody else knows the address. */
export async function answerSample(
  exchange: Exchange,
  order: QueuedOrder | undefined,
  query: URLSearchParams,
): Promise<void> {
  if (!order)
    return exchange.bytes(404, "<Error><Code>NoSuchKey</Code></Error>", {
      "content-type": "application/xml",
    });
  const { behaviour, prompt, seed = 0, aspectRatio, scale, format, references } = order;
  exchange.meets(behaviour);
  order.fetches++;
  const fault = SAMPLE_FAULTS[behaviour.name];
  if (fault && order.fetches <= (behaviour.polls ?? 1)) return fault(exchange, behaviour);
  if (behaviour.name === "sample-redirect" && !query.has("moved"))
    return exchange.bytes(302, "", { location: `${exchange.request.url}?moved=1` });
  const size = sizeOf(aspectRatio, scale);
  const picture = await drawPicture({ prompt, seed, size, format, references });
  exchange.bytes(200, spoiled(picture, behaviour.name), { "content-type": `image/${format}` });
}

/** How far an order is by the poll that asks now: whether it is to be called pending, and by which state. */
export function progressOf(order: QueuedOrder, pendingPolls: number, isPaced: boolean) {
  const { behaviour } = order;
  const polls = order.polls++;
  const fault = QUEUE_POLL_FAULTS[behaviour.name];
  const faults = fault ? (behaviour.polls ?? 1) : 0;
  if (fault && polls < faults) return { fault };
  if (behaviour.name === "unknown-status")
    return polls < (behaviour.polls ?? 2) ? { state: behaviour.status ?? "Reasoning" } : {};
  const pending = faults + (isPaced || behaviour.name === "pending" ? (behaviour.polls ?? 1) : pendingPolls);
  return polls < pending ? { state: polls === 0 ? ("queued" as const) : ("running" as const) } : {};
}
