import type { Drawn, DrawRequest, Pending, Provider } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { type Connection, type Wire, wireOf } from "./connection.ts";
import { type Call, moderationError, providerError } from "./errors.ts";
import { endingError, pollHttpError, resultHttpError, submitHttpError } from "./fal-errors.ts";
import { falOrderOf } from "./fal-models.ts";
import { isHostOf, permittedUrl } from "./hosts.ts";
import { fetchSample } from "./sample.ts";
import { exchange, jsonOf, MAX_JSON_BYTES, type Reply } from "./wire.ts";

const SUBMIT: Call = { who: "fal", phase: "submit" };
const POLL: Call = { who: "fal", phase: "poll" };

/** An order that nobody has begun by then is ended by fal, free of charge, and we go elsewhere. */
const START_SECONDS = 120;
/** We copy a picture in the poll that finds it. For whoever else may hold its address it is gone after this. */
const KEPT_SECONDS = 3_600;

/**
 * fal's queue (fal.ai/docs, inference API): an order is submitted, its `status_url` asked, the result read at the
 * `response_url` that the last answer names, and the picture fetched from fal's store without the key. The handle is
 * that `status_url`.
 */
export function createFal(connection: Connection): Provider {
  const wire = wireOf(connection);
  return {
    submit: (request, signal) => submit(wire, request, signal),
    poll: (handle, signal) => poll(wire, handle, signal),
  };
}

/** The key goes to the origin that we were configured with, and to fal's queue; whatever else a reply says. */
const queueUrl = (wire: Wire, address: string) =>
  permittedUrl(address, (url) => url.origin === wire.origin || isHostOf("fal.run", url));

const Order = z.object({ request_id: z.string(), status_url: z.string() });

async function submit(wire: Wire, request: DrawRequest, signal: AbortSignal): Promise<Pending> {
  const { endpoint, input } = falOrderOf(SUBMIT, request);
  const reply = await exchange(wire.fetch, {
    call: SUBMIT,
    url: `${wire.root}/${endpoint}`,
    method: "POST",
    headers: {
      ...headersOf(wire),
      "content-type": "application/json",
      "x-fal-request-timeout": String(START_SECONDS),
      "x-fal-object-lifecycle-preference": JSON.stringify({ expiration_duration_seconds: KEPT_SECONDS }),
    },
    body: JSON.stringify(input),
    maxBytes: MAX_JSON_BYTES,
    signal,
  });
  if (reply.status < 200 || reply.status > 299) throw submitHttpError(SUBMIT, reply);
  const order = Order.safeParse(jsonOf(reply));
  if (!order.success) throw providerError(SUBMIT, "bad_response", { maybeBilled: true });
  const { request_id, status_url } = order.data;
  if (!queueUrl(wire, status_url))
    throw providerError(SUBMIT, "bad_response", { reason: "untrusted_host", maybeBilled: true });
  return { state: "pending", handle: status_url, requestId: request_id, costMicros: null };
}

const text = z.catch(z.nullish(z.string()), null);
const Progress = z.object({
  status: z.string(),
  request_id: text,
  response_url: text,
  error_type: text,
  error: text,
});

async function poll(wire: Wire, handle: string, signal: AbortSignal): Promise<Drawn | Pending> {
  // Asked again here: the handle comes from storage, and the key goes where it points.
  const reply = await ask(wire, handle, signal);
  if (reply.status !== 200 && reply.status !== 202) throw pollHttpError(POLL, reply);
  const progress = Progress.safeParse(jsonOf(reply));
  if (!progress.success) throw providerError(POLL, "bad_response");
  const { request_id: requestId = null, response_url, error_type, error } = progress.data;
  if (progress.data.status !== "COMPLETED")
    // States come and go; one that we do not know is an order under way, until the caller's deadline.
    return { state: "pending", handle, requestId, costMicros: null };
  // What the queue itself ended. A model's own refusal has no type here, and is told with the result.
  if (error_type) throw endingError(POLL, error_type);
  const result = await ask(wire, response_url ?? "", signal);
  if (result.status !== 200) throw resultHttpError(POLL, result, { isEnded: Boolean(error) });
  return { state: "drawn", ...(await pictureOf(wire, result, signal)), requestId, costMicros: null };
}

async function ask(wire: Wire, address: string, signal: AbortSignal): Promise<Reply> {
  const url = queueUrl(wire, address);
  if (!url) throw providerError(POLL, "bad_response", { reason: "untrusted_host", final: true });
  const headers = headersOf(wire);
  return exchange(wire.fetch, { call: POLL, url, method: "GET", headers, maxBytes: MAX_JSON_BYTES, signal });
}

const headersOf = ({ apiKey }: Wire) => ({ authorization: `Key ${apiKey}`, accept: "application/json" });

const Result = z.object({
  images: z.array(z.object({ url: z.string() })),
  has_nsfw_concepts: z.catch(z.array(z.boolean()), []),
});

async function pictureOf(wire: Wire, reply: Reply, signal: AbortSignal) {
  const result = Result.safeParse(jsonOf(reply));
  if (!result.success) throw providerError(POLL, "bad_response");
  const { images, has_nsfw_concepts } = result.data;
  // Such a picture is there, and black.
  if (has_nsfw_concepts[0]) throw moderationError(POLL, "output", { reason: "nsfw", maybeBilled: true });
  const [image] = images;
  if (!image) throw providerError(POLL, "no_image", { final: true });
  return fetchSample({ ...wire, call: POLL }, image.url, signal);
}
