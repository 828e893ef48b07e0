import type { Chat } from "@imgpilot/core/prompts/chat";
import { responsesAnswer, responsesBody } from "./chat-responses.ts";
import { type Connection, wireOf } from "./connection.ts";
import type { Call } from "./errors.ts";
import { exchange, MAX_JSON_BYTES } from "./wire.ts";
import { httpError } from "./xai-errors.ts";

const CALL: Call = { who: "xAI", phase: "submit" };

/** xAI's Grok through the Responses API, as OpenAI speaks it. */
export function createXaiChat(connection: Connection): Chat {
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
        body: JSON.stringify(responsesBody(request)),
        maxBytes: MAX_JSON_BYTES,
        signal,
      });
      if (reply.status !== 200) throw httpError(CALL, reply);
      return responsesAnswer(CALL, reply);
    },
  };
}
