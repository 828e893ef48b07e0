import type { Chat } from "@imgpilot/core/prompts/chat";
import { isFlagged, responsesAnswer, responsesBody } from "./chat-responses.ts";
import { type Connection, wireOf } from "./connection.ts";
import { type Call, moderationError } from "./errors.ts";
import { httpError } from "./openai-errors.ts";
import { exchange, MAX_JSON_BYTES } from "./wire.ts";

const CALL: Call = { who: "OpenAI", phase: "submit" };

/** OpenAI's chat models through the Responses API, with as little thinking as they offer for so small a task. */
export function createOpenAiChat(connection: Connection): Chat {
  const { fetch, apiKey, root: base } = wireOf(connection);
  return {
    async ask(request, signal) {
      const reply = await exchange(fetch, {
        call: CALL,
        url: `${base}/v1/responses`,
        method: "POST",
        headers: {
          authorization: `Bearer ${apiKey}`,
          accept: "application/json",
          "content-type": "application/json",
        },
        body: JSON.stringify({ ...responsesBody(request), reasoning: { effort: "low" } }),
        maxBytes: MAX_JSON_BYTES,
        signal,
      });
      if (reply.status === 400 && isFlagged(reply))
        throw moderationError(CALL, null, { reason: null, maybeBilled: false });
      if (reply.status !== 200) throw httpError(CALL, reply);
      return responsesAnswer(CALL, reply);
    },
  };
}
