import { randomUUID } from "node:crypto";
import type { Behaviour } from "./behaviours.ts";
import type { ChatApi, Told } from "./chat.ts";
import type { Question } from "./chat-answer.ts";
import type { Exchange } from "./exchange.ts";
import { OPENAI_FAULTS, openaiError } from "./openai-faults.ts";
import { XAI_FAULTS, xaiError } from "./xai-faults.ts";

/** What differs between OpenAI and xAI, who both speak the Responses API. */
type House = {
  readonly models: readonly string[];
  readonly imageTypes: RegExp;
  readonly faults: Readonly<
    Record<string, (exchange: Exchange, behaviour: Behaviour) => void | Promise<void>>
  >;
  readonly error: (exchange: Exchange, status: number, code: string | null, message: string) => void;
  readonly blocked: (exchange: Exchange) => void;
  readonly usage: (input: number, output: number) => object;
};

const PATH = "/v1/responses";
const FLAGGED =
  "Invalid prompt: your prompt was flagged as potentially violating our usage policy. Please try again with a different prompt.";

export const openaiChat = responses({
  models: ["gpt-5.6-luna"],
  imageTypes: /^data:image\/(?:png|jpeg|webp|gif);base64,(.+)$/s,
  faults: OPENAI_FAULTS,
  error: (exchange, status, code, message) => openaiError(exchange, status, message, { code }),
  blocked: (exchange) => openaiError(exchange, 400, FLAGGED, { code: "invalid_prompt" }),
  usage: () => ({}),
});

const INVALID = "Client specified an invalid argument";

export const xaiChat = responses({
  models: ["grok-4.6"],
  imageTypes: /^data:image\/(?:png|jpeg);base64,(.+)$/s,
  faults: XAI_FAULTS,
  error: (exchange, status, _, message) => xaiError(exchange, status, INVALID, message),
  blocked: (exchange) =>
    xaiError(
      exchange,
      403,
      "permission-denied",
      "Content violates usage guidelines. Team: t, API key ID: k.",
    ),
  usage: (input, output) => ({ cost_in_usd_ticks: input * 20_000 + output * 100_000 }),
});

function responses(house: House): ChatApi {
  return {
    isChat: (method, path) => method === "POST" && path === PATH,
    askedOf: (_, body) => ({ prompt: textOf(body), model: String(fields(body).model ?? "") }),
    isAuthorized: (exchange) => /^Bearer \S/.test(exchange.header("authorization")),
    questionOf: (exchange, _, body) => questionOf(house, exchange, body),
    fault(exchange, behaviour) {
      const fault = house.faults[behaviour.name];
      return fault && (() => fault(exchange, behaviour));
    },
    blocked: house.blocked,
    refuse: (exchange, why, message) =>
      why === "unauthorized"
        ? house.error(exchange, 401, "invalid_api_key", message)
        : house.error(exchange, 400, "invalid_json_schema", `Invalid schema for response_format: ${message}`),
    tell(exchange, { model, ...question }, told) {
      const input = 100 + Math.ceil(question.text.length / 4) + (question.image ? 1_100 : 0);
      const output = 8 + Math.ceil(told.text.length / 4);
      exchange.json(200, {
        id: `resp_${randomUUID().replaceAll("-", "")}`,
        object: "response",
        created_at: 1_795_000_000,
        model,
        error: null,
        ...outputOf(told),
        usage: {
          input_tokens: input,
          output_tokens: output,
          total_tokens: input + output,
          ...house.usage(input, output),
        },
      });
    },
  };
}

function questionOf(house: House, exchange: Exchange, body: unknown): Question | null {
  const fault = (status: number, code: string | null, message: string) => {
    house.error(exchange, status, code, message);
    return null;
  };
  const { model = "", text } = fields(body);
  if (!house.models.includes(String(model)))
    return fault(404, "model_not_found", `The model '${String(model)}' does not exist.`);
  const parts = partsOf(body);
  if (parts.length === 0) return fault(400, "missing_required_parameter", "Missing parameter: 'input'.");
  const { type, name, strict, schema } = fields(fields(text).format);
  if (type !== "json_schema" || !name || strict !== true)
    return fault(400, "invalid_value", "This simulator answers by a strict, named JSON schema.");
  const address = parts.map((part) => fields(part).image_url).find(Boolean);
  const base64 = typeof address === "string" ? house.imageTypes.exec(address)?.[1] : undefined;
  if (address !== undefined && !base64)
    return fault(400, "invalid_image_url", "The image is not of a supported format, or cannot be fetched.");
  const image = base64 ? Buffer.from(base64, "base64") : null;
  return { model: String(model), text: textOf(body), image, schema };
}

function outputOf(told: Told): object {
  const message = (content: object) => ({
    type: "message",
    id: "msg_1",
    role: "assistant",
    status: "completed",
    content: [content],
  });
  const thought = { type: "reasoning", id: "rs_1", summary: [] };
  if (told.kind === "filtered")
    return { status: "incomplete", incomplete_details: { reason: "content_filter" }, output: [thought] };
  if (told.kind === "refusal") {
    const refusal = { type: "refusal", refusal: "I'm sorry, but I can't help with that." };
    return { status: "completed", incomplete_details: null, output: [thought, message(refusal)] };
  }
  const said = message({ type: "output_text", text: told.text, annotations: [] });
  return told.kind === "cut"
    ? { status: "incomplete", incomplete_details: { reason: "max_output_tokens" }, output: [thought, said] }
    : { status: "completed", incomplete_details: null, output: [thought, said] };
}

const partsOf = (body: unknown): unknown[] =>
  list(fields(body).input).flatMap((item) => list(fields(item).content));
const textOf = (body: unknown): string =>
  partsOf(body)
    .flatMap((part) => fields(part).text ?? [])
    .join("\n");

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
