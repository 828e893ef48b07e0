import type { Drawn, DrawRequest, Pending, Provider } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { type Connection, type Wire, wireOf } from "./connection.ts";
import { type Call, providerError } from "./errors.ts";
import { isHostOf, permittedUrl } from "./hosts.ts";
import { endingOf, pollHttpError, submitHttpError } from "./replicate-errors.ts";
import { addressesOf } from "./replicate-files.ts";
import { replicateInputOf } from "./replicate-models.ts";
import { fetchSample } from "./sample.ts";
import { exchange, jsonOf } from "./wire.ts";

const SUBMIT: Call = { who: "Replicate", phase: "submit" };
const POLL: Call = { who: "Replicate", phase: "poll" };

/** Replicate itself ends a prediction that takes longer: what nobody waits for any more is not drawn, nor charged. */
const CANCEL_AFTER = "8m";
/** The reply repeats the input, and that holds the references. */
const MAX_PREDICTION_BYTES = 16_000_000;

/**
 * Replicate (replicate.com/docs/reference/http): a prediction is created, asked after at its `urls.get`, and its
 * picture fetched from Replicate's store, where it lies for an hour, without the token. The handle is that `urls.get`.
 */
export function createReplicate(connection: Connection): Provider {
  const wire = wireOf(connection);
  return {
    submit: (request, signal) => submit(wire, request, signal),
    poll: (handle, signal) => poll(wire, handle, signal),
  };
}

/** The token goes to the origin that we were configured with, and to Replicate's own; whatever else a reply says. */
const apiUrl = (wire: Wire, address: string) =>
  permittedUrl(address, (url) => url.origin === wire.origin || isHostOf("api.replicate.com", url));

const Created = z.object({ id: z.string(), urls: z.object({ get: z.string() }) });

async function submit(wire: Wire, request: DrawRequest, signal: AbortSignal): Promise<Pending> {
  const inputOf = replicateInputOf(SUBMIT, request);
  const files = { ...wire, call: SUBMIT, url: `${wire.root}/v1/files`, headers: headersOf(wire) };
  const input = inputOf(await addressesOf(files, request.references, signal));
  const reply = await exchange(wire.fetch, {
    call: SUBMIT,
    url: `${wire.root}/v1/models/${request.upstream}/predictions`,
    method: "POST",
    headers: { ...headersOf(wire), "content-type": "application/json", "cancel-after": CANCEL_AFTER },
    body: JSON.stringify({ input }),
    maxBytes: MAX_PREDICTION_BYTES,
    signal,
  });
  if (reply.status < 200 || reply.status > 299) throw submitHttpError(SUBMIT, reply);
  const created = Created.safeParse(jsonOf(reply));
  if (!created.success) throw providerError(SUBMIT, "bad_response", { maybeBilled: true });
  const { id, urls } = created.data;
  if (!apiUrl(wire, urls.get))
    throw providerError(SUBMIT, "bad_response", { reason: "untrusted_host", maybeBilled: true });
  return { state: "pending", handle: urls.get, requestId: id, costMicros: null };
}

const Prediction = z.object({
  id: z.catch(z.nullish(z.string()), null),
  status: z.string(),
  output: z.catch(z.nullish(z.union([z.string(), z.array(z.string())])), null),
  error: z.catch(z.nullish(z.string()), null),
  data_removed: z.catch(z.nullish(z.boolean()), null),
});

async function poll(wire: Wire, handle: string, signal: AbortSignal): Promise<Drawn | Pending> {
  // Asked again here: the handle comes from storage, and the token goes where it points.
  const url = apiUrl(wire, handle);
  if (!url) throw providerError(POLL, "bad_response", { reason: "untrusted_host", final: true });
  const reply = await exchange(wire.fetch, {
    call: POLL,
    url,
    method: "GET",
    headers: headersOf(wire),
    maxBytes: MAX_PREDICTION_BYTES,
    signal,
  });
  if (reply.status !== 200) throw pollHttpError(POLL, reply);
  const prediction = Prediction.safeParse(jsonOf(reply));
  if (!prediction.success) throw providerError(POLL, "bad_response");

  const { id: requestId = null, status, output, error, data_removed } = prediction.data;
  const ending = endingOf(POLL, status, error ?? "");
  if (ending) throw ending;
  // States come and go; one that we do not know is a prediction under way, until the caller's deadline.
  if (status !== "succeeded") return { state: "pending", handle, requestId, costMicros: null };
  if (data_removed) throw providerError(POLL, "bad_response", { reason: "data_removed", final: true });
  const address = typeof output === "string" ? output : output?.[0];
  if (!address) throw providerError(POLL, "no_image", { final: true });
  const picture = await fetchSample({ ...wire, call: POLL }, address, signal);
  return { state: "drawn", ...picture, requestId, costMicros: null };
}

const headersOf = ({ apiKey }: Wire) => ({ authorization: `Bearer ${apiKey}`, accept: "application/json" });
