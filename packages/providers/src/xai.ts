import type { Drawn, DrawRequest, Provider } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { type Connection, wireOf } from "./connection.ts";
import { dataUrlOf } from "./data-url.ts";
import { type Call, moderationError, providerError } from "./errors.ts";
import { inlinePicture } from "./inline-picture.ts";
import { exchange, jsonOf, MAX_IMAGE_JSON_BYTES, type Reply } from "./wire.ts";
import { httpError } from "./xai-errors.ts";

const CALL: Call = { who: "xAI", phase: "submit" };

/** Documented; more are said to pass (docs.x.ai, image generation). */
const MAX_REFERENCES = 3;

/**
 * xAI's Grok Imagine: `images/generations` from nothing, `images/edits` from references, both in JSON. The picture is
 * asked for in the reply, because the addresses that xAI would give are gone soon.
 */
export function createXai(connection: Connection): Provider {
  const { fetch, apiKey, root: base } = wireOf(connection);

  return {
    async submit(request, signal) {
      const reply = await exchange(fetch, {
        call: CALL,
        url: `${base}/v1/images/${request.references.length > 0 ? "edits" : "generations"}`,
        method: "POST",
        headers: {
          authorization: `Bearer ${apiKey}`,
          accept: "application/json",
          "content-type": "application/json",
        },
        body: JSON.stringify(bodyOf(request)),
        maxBytes: MAX_IMAGE_JSON_BYTES,
        signal,
      });
      if (reply.status !== 200) throw httpError(CALL, reply);
      return drawnOf(reply);
    },

    async poll() {
      throw providerError({ who: "xAI", phase: "poll" }, "bad_response", {
        reason: "no_handles",
        maybeBilled: false,
        final: true,
      });
    },
  };
}

const RESOLUTIONS = { "1K": "1k", "2K": "2k" } as const;

/** @throws {ProviderError} `invalid_input` for what it cannot be asked for, before anything is sent. */
function bodyOf({ upstream, prompt, aspectRatio, resolution, quality, seed, references }: DrawRequest) {
  if (seed !== undefined || resolution === "4K" || references.length > MAX_REFERENCES)
    throw providerError(CALL, "invalid_input");
  const images = references.map((reference) => ({ url: dataUrlOf(reference), type: "image_url" }));
  const [first, second] = images;
  return {
    model: upstream,
    prompt,
    n: 1,
    aspect_ratio: aspectRatio,
    resolution: RESOLUTIONS[resolution],
    ...(quality === undefined ? {} : { quality }),
    response_format: "b64_json",
    ...(second ? { images } : first ? { image: first } : {}),
  };
}

/** Only what is read, and nothing that is not essential can spoil a reply that was paid for. */
const Item = z.object({
  b64_json: z.catch(z.nullish(z.string()), null),
  respect_moderation: z.catch(z.nullish(z.boolean()), null),
});
const Answer = z.object({
  data: z.array(Item),
  usage: z.catch(z.nullish(z.object({ cost_in_usd_ticks: z.number() })), null),
});

/** A picture that was drawn and then withheld comes as HTTP 200 too, and is paid for. */
function drawnOf(reply: Reply): Drawn {
  const answer = Answer.safeParse(jsonOf(reply));
  if (!answer.success) throw providerError(CALL, "bad_response", { maybeBilled: true });
  const { data, usage } = answer.data;
  const [item] = data;
  if (item?.respect_moderation === false)
    throw moderationError(CALL, "output", { reason: null, maybeBilled: true });
  if (!item?.b64_json) throw providerError(CALL, "no_image", { maybeBilled: true });

  const requestId = reply.headers.get("x-request-id");
  return {
    state: "drawn",
    ...inlinePicture(CALL, item.b64_json),
    requestId,
    costMicros: usage ? microsOf(usage) : null,
  };
}

/** 10^10 ticks are a dollar. */
const microsOf = (usage: { cost_in_usd_ticks: number }) => Math.ceil(usage.cost_in_usd_ticks / 10_000);
