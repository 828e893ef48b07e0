import type { Drawn, DrawRequest, Provider } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { type Connection, wireOf } from "./connection.ts";
import { type Call, moderationError, providerError, reasonWord } from "./errors.ts";
import { httpError } from "./google-errors.ts";
import { inlinePicture } from "./inline-picture.ts";
import { exchange, jsonOf, MAX_IMAGE_JSON_BYTES, type Reply } from "./wire.ts";

const CALL: Call = { who: "Google", phase: "submit" };

/**
 * Gemini's image models (Nano Banana), through `generateContent`: the request stays open until the image is drawn, so
 * there is nothing to poll. Blocks and refusals come as HTTP 200.
 */
export function createGoogle(connection: Connection): Provider {
  const { fetch, apiKey, root: base } = wireOf(connection);

  return {
    async submit(request, signal) {
      const reply = await exchange(fetch, {
        call: CALL,
        url: `${base}/v1beta/models/${encodeURIComponent(request.upstream)}:generateContent`,
        method: "POST",
        headers: { "x-goog-api-key": apiKey, "content-type": "application/json" },
        body: JSON.stringify(bodyOf(request)),
        maxBytes: MAX_IMAGE_JSON_BYTES,
        signal,
      });
      if (reply.status !== 200) throw httpError(CALL, reply);
      return drawnOf(reply);
    },

    async poll() {
      throw providerError({ who: "Google", phase: "poll" }, "bad_response", {
        reason: "no_handles",
        maybeBilled: false,
        final: true,
      });
    },
  };
}

/** 1K is what every model draws unasked, and some of them refuse to be asked. */
function bodyOf({ prompt, references, aspectRatio, resolution, seed }: DrawRequest) {
  const images = references.map(({ bytes, contentType }) => ({
    inlineData: { mimeType: contentType, data: Buffer.from(bytes).toString("base64") },
  }));
  return {
    contents: [{ role: "user", parts: [{ text: prompt }, ...images] }],
    generationConfig: {
      responseModalities: ["IMAGE"],
      ...(seed === undefined ? {} : { seed }),
      imageConfig: { aspectRatio, ...(resolution === "1K" ? {} : { imageSize: resolution }) },
    },
  };
}

/** Only what is read, and nothing that is not essential can spoil a reply that was paid for. */
const Ratings = z.catch(
  z.array(z.object({ category: z.string(), blocked: z.catch(z.optional(z.boolean()), undefined) })),
  [],
);
const Part = z.object({
  thought: z.catch(z.optional(z.boolean()), undefined),
  inlineData: z.catch(z.optional(z.object({ data: z.string() })), undefined),
});
const Candidate = z.object({
  content: z.catch(z.object({ parts: z.catch(z.array(Part), []) }), { parts: [] }),
  finishReason: z.catch(z.optional(z.string()), undefined),
  safetyRatings: Ratings,
});
const Answer = z.object({
  candidates: z.optional(z.nullable(z.array(Candidate))),
  promptFeedback: z.optional(
    z.nullable(z.object({ blockReason: z.optional(z.string()), safetyRatings: Ratings })),
  ),
  responseId: z.catch(z.nullable(z.string()), null),
});

/** Finish reasons that are a judgement on the picture. Every other one that comes without a picture is `no_image`. */
const BLOCKS = new Set([
  "SAFETY",
  "IMAGE_SAFETY",
  "PROHIBITED_CONTENT",
  "IMAGE_PROHIBITED_CONTENT",
  "RECITATION",
  "IMAGE_RECITATION",
  "BLOCKLIST",
  "SPII",
]);

/** An answer without an image is billed like one with it, but for a blocked prompt, which was never drawn from. */
function drawnOf(reply: Reply): Drawn {
  const answer = Answer.safeParse(jsonOf(reply));
  if (!answer.success) throw providerError(CALL, "bad_response", { maybeBilled: true });
  const { candidates, promptFeedback, responseId } = answer.data;

  if (promptFeedback?.blockReason) {
    const reason = blockedCategory(promptFeedback.safetyRatings) ?? reasonWord(promptFeedback.blockReason);
    throw moderationError(CALL, "input", { reason, maybeBilled: false });
  }
  const candidate = candidates?.[0];
  const finish = candidate?.finishReason ?? "";
  if (BLOCKS.has(finish)) {
    const reason = blockedCategory(candidate?.safetyRatings ?? []) ?? reasonWord(finish);
    throw moderationError(CALL, "output", { reason, maybeBilled: true });
  }
  // Parts marked as thoughts may hold sketches; they are not the picture.
  const image = candidate?.content.parts.find((part) => part.inlineData && !part.thought)?.inlineData;
  if (!image) throw providerError(CALL, "no_image", { reason: reasonWord(finish), maybeBilled: true });

  return { state: "drawn", ...inlinePicture(CALL, image.data), requestId: responseId, costMicros: null };
}

const blockedCategory = (ratings: z.output<typeof Ratings>): string | null => {
  const blocked = ratings.find((rating) => rating.blocked);
  return blocked ? reasonWord(blocked.category) : null;
};
