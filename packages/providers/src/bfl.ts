import type { Drawn, DrawRequest, Pending, Provider } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { endingOf, pollHttpError, submitHttpError } from "./bfl-errors.ts";
import { isBfl } from "./bfl-hosts.ts";
import { bflBodyOf } from "./bfl-models.ts";
import { type Connection, type Wire, wireOf } from "./connection.ts";
import { type Call, providerError } from "./errors.ts";
import { permittedUrl } from "./hosts.ts";
import { fetchSample } from "./sample.ts";
import { exchange, jsonOf, MAX_JSON_BYTES } from "./wire.ts";

const SUBMIT: Call = { who: "Black Forest Labs", phase: "submit" };
const POLL: Call = { who: "Black Forest Labs", phase: "poll" };

/**
 * Black Forest Labs' Flux Kontext and FLUX.2: an order is submitted, its `polling_url` asked, and the picture fetched from where
 * the last answer says it lies for ten minutes. The handle is that polling URL.
 */
export function createBfl(connection: Connection): Provider {
  const wire = wireOf(connection);
  return {
    submit: (request, signal) => submit(wire, request, signal),
    poll: (handle, signal) => poll(wire, handle, signal),
  };
}

/** The key goes to the host that we were configured with, and to BFL's own; whatever else a reply says. */
const pollingUrl = (wire: Wire, address: string) =>
  permittedUrl(address, (url) => url.origin === wire.origin || isBfl(url));

const Order = z.object({
  id: z.string(),
  polling_url: z.string(),
  cost: z.catch(z.nullish(z.number()), null),
});

async function submit(wire: Wire, request: DrawRequest, signal: AbortSignal): Promise<Pending> {
  const reply = await exchange(wire.fetch, {
    call: SUBMIT,
    url: `${wire.root}/v1/${encodeURIComponent(request.upstream)}`,
    method: "POST",
    headers: { "x-key": wire.apiKey, "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(bflBodyOf(SUBMIT, request)),
    maxBytes: MAX_JSON_BYTES,
    signal,
  });
  if (reply.status !== 200) throw submitHttpError(SUBMIT, reply);
  const order = Order.safeParse(jsonOf(reply));
  if (!order.success) throw providerError(SUBMIT, "bad_response", { maybeBilled: true });
  const { id, polling_url, cost } = order.data;
  if (!pollingUrl(wire, polling_url))
    throw providerError(SUBMIT, "bad_response", { reason: "untrusted_host", maybeBilled: true });
  return { state: "pending", handle: polling_url, requestId: id, costMicros: microsOf(cost) };
}

const Progress = z.object({
  id: z.catch(z.nullish(z.string()), null),
  status: z.string(),
  result: z.catch(z.nullish(z.object({ sample: z.string() })), null),
  cost: z.catch(z.nullish(z.number()), null),
});

async function poll(wire: Wire, handle: string, signal: AbortSignal): Promise<Drawn | Pending> {
  // Asked again here: the handle comes from storage, and the key goes where it points.
  const url = pollingUrl(wire, handle);
  if (!url) throw providerError(POLL, "bad_response", { reason: "untrusted_host", final: true });
  const headers = { "x-key": wire.apiKey, accept: "application/json" };
  const reply = await exchange(wire.fetch, {
    call: POLL,
    url,
    method: "GET",
    headers,
    maxBytes: MAX_JSON_BYTES,
    signal,
  });

  const body = jsonOf(reply);
  const progress = Progress.safeParse(body);
  const isTold = reply.status === 200 || reply.status === 404;
  const ending = isTold && progress.success ? endingOf(POLL, progress.data.status, body) : null;
  if (ending) throw ending;
  if (reply.status !== 200) throw pollHttpError(POLL, reply);
  if (!progress.success) throw providerError(POLL, "bad_response");

  const { id: requestId = null, status, result, cost } = progress.data;
  // States come and go with models; one that we do not know is an order under way, until the caller's deadline.
  if (status !== "Ready") return { state: "pending", handle, requestId, costMicros: null };
  if (!result) throw providerError(POLL, "bad_response", { reason: "no_sample" });
  const headersFor = (host: URL) => (isBfl(host) ? { "x-key": wire.apiKey } : {});
  const picture = await fetchSample({ ...wire, call: POLL, headersFor }, result.sample, signal);
  return { state: "drawn", ...picture, requestId, costMicros: microsOf(cost) };
}

/** One credit is one cent. */
const microsOf = (credits: number | null | undefined) =>
  typeof credits === "number" ? Math.round(credits * 10_000) : null;
