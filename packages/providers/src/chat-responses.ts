import type { ChatAnswer, ChatRequest } from "@imgpilot/core/prompts/chat";
import * as z from "zod/mini";
import { toldJson } from "./chat-json.ts";
import { dataUrlOf } from "./data-url.ts";
import { type Call, moderationError, providerError, reasonWord } from "./errors.ts";
import { jsonOf, type Reply } from "./wire.ts";

/** Room for a long prompt and for what the model thinks before it writes. */
const MAX_TOKENS = 4_096;

/** The Responses API, which OpenAI made and xAI speaks too. Nothing of it is kept there (`store`). */
export function responsesBody({ upstream, instructions, text, image, shape }: ChatRequest) {
  const picture = image && { type: "input_image", image_url: dataUrlOf(image) };
  return {
    model: upstream,
    instructions,
    input: [{ role: "user", content: [...(picture ? [picture] : []), { type: "input_text", text }] }],
    text: { format: { type: "json_schema", name: shape.name, strict: true, schema: shape.schema } },
    max_output_tokens: MAX_TOKENS,
    store: false,
  };
}

const text = z.catch(z.nullish(z.string()), null);
const Content = z.object({ type: text, text, refusal: text });
const Item = z.object({ type: text, content: z.catch(z.array(Content), []) });
const Usage = z.object({
  input_tokens: z.number(),
  output_tokens: z.number(),
  cost_in_usd_ticks: z.catch(z.nullish(z.number()), null),
});
const Answer = z.object({
  id: z.catch(z.nullable(z.string()), null),
  status: text,
  error: z.catch(z.nullish(z.object({ code: text })), null),
  incomplete_details: z.catch(z.nullish(z.object({ reason: text })), null),
  output: z.catch(z.array(Item), []),
  usage: z.catch(z.nullish(Usage), null),
});

/** OpenAI's word for a prompt against its usage policies, in a 400 and in a failed response (openai npm, ResponseError). */
const FLAGGED = "invalid_prompt";
const Refused = z.object({ error: z.object({ code: z.literal(FLAGGED) }) });

/** Whether a reply other than 200 is a block, which the Images API words otherwise. */
export const isFlagged = (reply: Reply): boolean => Refused.safeParse(jsonOf(reply)).success;

/** 10^10 ticks are a dollar; only xAI counts them. */
const TICKS_A_MICRO = 10_000;

/**
 * What a reply 200 says. A model that declines does it in words of its own (`refusal`), and a filter by cutting the
 * answer short: both are blocks.
 */
export function responsesAnswer(call: Call, reply: Reply): ChatAnswer {
  const parsed = Answer.safeParse(jsonOf(reply));
  if (!parsed.success) throw providerError(call, "bad_response", { maybeBilled: true });
  const { id, status, error, incomplete_details: cut, output, usage } = parsed.data;
  const said = output.flatMap(({ type, content }) => (type === "message" ? content : []));
  if (said.some(({ type }) => type === "refusal"))
    throw moderationError(call, null, { reason: null, maybeBilled: true });
  if (cut?.reason === "content_filter" || error?.code === FLAGGED)
    throw moderationError(call, null, { reason: null, maybeBilled: true });
  if (status !== "completed") {
    const reason = reasonWord(error?.code ?? cut?.reason ?? status ?? "");
    throw providerError(call, "bad_response", { reason, maybeBilled: true });
  }
  const ticks = usage?.cost_in_usd_ticks;
  return {
    json: toldJson(call, said.map(({ type, text }) => (type === "output_text" ? (text ?? "") : "")).join("")),
    tokens: usage ? { input: usage.input_tokens, output: usage.output_tokens } : null,
    costMicros: ticks === null || ticks === undefined ? null : Math.ceil(ticks / TICKS_A_MICRO),
    requestId: id,
  };
}
