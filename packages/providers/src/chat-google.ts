import type { Chat, ChatAnswer, ChatRequest } from "@imgpilot/core/prompts/chat";
import * as z from "zod/mini";
import { toldJson } from "./chat-json.ts";
import { type Connection, wireOf } from "./connection.ts";
import { type Call, moderationError, providerError, reasonWord } from "./errors.ts";
import { httpError } from "./google-errors.ts";
import { exchange, jsonOf, MAX_JSON_BYTES, type Reply } from "./wire.ts";

const CALL: Call = { who: "Google", phase: "submit" };
/** Room for a long prompt and for what the model thinks before it writes. */
const MAX_TOKENS = 4_096;

/** Gemini's chat models through `generateContent`, with an answer by JSON schema. Blocks come as HTTP 200. */
export function createGoogleChat(connection: Connection): Chat {
  const { fetch, apiKey, root: base } = wireOf(connection);
  return {
    async ask(request, signal) {
      const reply = await exchange(fetch, {
        call: CALL,
        url: `${base}/v1beta/models/${encodeURIComponent(request.upstream)}:generateContent`,
        method: "POST",
        headers: { "x-goog-api-key": apiKey, "content-type": "application/json" },
        body: JSON.stringify(bodyOf(request)),
        maxBytes: MAX_JSON_BYTES,
        signal,
      });
      if (reply.status !== 200) throw httpError(CALL, reply);
      return answerOf(reply);
    },
  };
}

function bodyOf({ instructions, text, image, shape }: ChatRequest) {
  const picture = image && {
    inlineData: { mimeType: image.contentType, data: Buffer.from(image.bytes).toString("base64") },
  };
  return {
    systemInstruction: { parts: [{ text: instructions }] },
    contents: [{ role: "user", parts: [...(picture ? [picture] : []), { text }] }],
    generationConfig: {
      responseMimeType: "application/json",
      responseJsonSchema: shape.schema,
      maxOutputTokens: MAX_TOKENS,
      thinkingConfig: { thinkingLevel: "low" },
    },
  };
}

const count = z.catch(z.number(), 0);
const Part = z.object({
  text: z.catch(z.optional(z.string()), undefined),
  thought: z.catch(z.optional(z.boolean()), undefined),
});
const Candidate = z.object({
  content: z.catch(z.object({ parts: z.catch(z.array(Part), []) }), { parts: [] }),
  finishReason: z.catch(z.optional(z.string()), undefined),
});
const Usage = z.object({ promptTokenCount: count, candidatesTokenCount: count, thoughtsTokenCount: count });
const Answer = z.object({
  candidates: z.optional(z.nullable(z.array(Candidate))),
  promptFeedback: z.optional(z.nullable(z.object({ blockReason: z.optional(z.string()) }))),
  usageMetadata: z.catch(z.nullable(Usage), null),
  responseId: z.catch(z.nullable(z.string()), null),
});

/** Finish reasons that are a judgement on what was shown or said. */
const BLOCKS = new Set(["SAFETY", "PROHIBITED_CONTENT", "RECITATION", "BLOCKLIST", "SPII", "IMAGE_SAFETY"]);

function answerOf(reply: Reply): ChatAnswer {
  const answer = Answer.safeParse(jsonOf(reply));
  if (!answer.success) throw providerError(CALL, "bad_response", { maybeBilled: true });
  const { candidates, promptFeedback, usageMetadata: usage, responseId } = answer.data;
  if (promptFeedback?.blockReason)
    throw moderationError(CALL, null, { reason: reasonWord(promptFeedback.blockReason), maybeBilled: false });
  const candidate = candidates?.[0];
  const finish = candidate?.finishReason ?? "";
  if (BLOCKS.has(finish))
    throw moderationError(CALL, null, { reason: reasonWord(finish), maybeBilled: true });
  if (finish !== "STOP")
    throw providerError(CALL, "bad_response", { reason: reasonWord(finish), maybeBilled: true });
  const said = candidate?.content.parts.flatMap(({ text, thought }) => (text && !thought ? [text] : []));
  return {
    json: toldJson(CALL, said?.join("") ?? ""),
    tokens: usage && {
      input: usage.promptTokenCount,
      output: usage.candidatesTokenCount + usage.thoughtsTokenCount,
    },
    costMicros: null,
    requestId: responseId,
  };
}
