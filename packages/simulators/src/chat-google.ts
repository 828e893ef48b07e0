import { randomBytes } from "node:crypto";
import type { ChatApi, Told } from "./chat.ts";
import type { Question } from "./chat-answer.ts";
import type { Exchange } from "./exchange.ts";
import { GOOGLE_FAULTS, googleError } from "./google-faults.ts";

const GENERATE = /^\/v1(?:beta)?\/models\/([^/:]+):generateContent$/;
/** The chat models that answer; the image models are drawn with. */
const MODELS = ["gemini-3.8-flash"];

const modelOf = (path: string) => GENERATE.exec(path)?.[1] ?? "";

/** `generateContent` of a chat model, with an answer by JSON schema. */
export const googleChat: ChatApi = {
  isChat: (method, path) => method === "POST" && MODELS.includes(modelOf(path)),

  askedOf: (path, body) => ({ prompt: textOf(body), model: modelOf(path) }),

  isAuthorized: (exchange, query) => Boolean(exchange.header("x-goog-api-key") || query.get("key")),

  questionOf(exchange, path, body) {
    const { contents, generationConfig } = fields(body);
    const { responseMimeType, responseJsonSchema } = fields(generationConfig);
    const parts = list(contents).flatMap((content) => list(fields(content).parts));
    if (parts.length === 0) return invalid(exchange, "* GenerateContentRequest.contents: is not specified");
    if (responseJsonSchema !== undefined && responseMimeType !== "application/json")
      return invalid(exchange, "responseJsonSchema is only supported with mime type 'application/json'");
    if (parts.some((part) => "fileData" in fields(part)))
      return invalid(exchange, "Cannot fetch content from the provided URL.");
    const image = parts.map((part) => fields(fields(part).inlineData).data).find(Boolean);
    return {
      model: modelOf(path),
      text: textOf(body),
      image: typeof image === "string" ? Buffer.from(image, "base64") : null,
      schema: responseJsonSchema,
    };
  },

  fault(exchange, behaviour) {
    const fault = GOOGLE_FAULTS[behaviour.name];
    return fault && (() => fault(exchange, behaviour));
  },

  blocked: (exchange, { reason = "PROHIBITED_CONTENT" }) =>
    exchange.json(200, { promptFeedback: { blockReason: reason }, usageMetadata: { promptTokenCount: 40 } }),

  refuse: (exchange, why, message) =>
    why === "unauthorized"
      ? googleError(exchange, 403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
      : googleError(exchange, 400, "INVALID_ARGUMENT", message),

  tell(exchange, question, told) {
    exchange.json(200, {
      candidates: [{ ...contentOf(told), index: 0 }],
      usageMetadata: usageOf(question, told),
      modelVersion: question.model,
      responseId: randomBytes(16).toString("base64url"),
    });
  },
};

/** Gemini has no refusal of its own kind: it finishes for reasons of safety, or of length. */
function contentOf(told: Told): object {
  if (told.kind === "refusal") return { finishReason: "PROHIBITED_CONTENT" };
  if (told.kind === "filtered") return { finishReason: "SAFETY" };
  const thought = { text: "The user wants JSON.", thought: true };
  const content = { role: "model", parts: [thought, { text: told.text }] };
  return { content, finishReason: told.kind === "cut" ? "MAX_TOKENS" : "STOP" };
}

function usageOf({ text, image }: Question, told: Told) {
  const promptTokenCount = 100 + Math.ceil(text.length / 4) + (image ? 1_064 : 0);
  const candidatesTokenCount = Math.ceil(told.text.length / 4);
  const thoughtsTokenCount = 12;
  const totalTokenCount = promptTokenCount + candidatesTokenCount + thoughtsTokenCount;
  return { promptTokenCount, candidatesTokenCount, thoughtsTokenCount, totalTokenCount };
}

function invalid(exchange: Exchange, message: string): null {
  googleError(exchange, 400, "INVALID_ARGUMENT", message);
  return null;
}

const textOf = (body: unknown): string =>
  list(fields(body).contents)
    .flatMap((content) => list(fields(content).parts))
    .flatMap((part) => fields(part).text ?? [])
    .join("\n");

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
