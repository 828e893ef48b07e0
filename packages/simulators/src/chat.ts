import type { Behaviour, Repertoire, Script } from "./behaviours.ts";
import { answerFor, InvalidSchema, type Question } from "./chat-answer.ts";
import type { Exchange } from "./exchange.ts";
import type { Answers } from "./provider-simulator.ts";

/** What every chat model can be told to do, beside the faults of its provider. */
export const CHAT_REPERTOIRE: Repertoire = {
  "chat-refusal": [],
  "chat-filtered": [],
  "chat-blocked": ["reason"],
  "chat-not-json": [],
  "chat-other-shape": [],
  "chat-extra": [],
  "chat-cut": [],
};

/** What a chat model says, and how it ends. */
export type Told = {
  readonly kind: "text" | "cut" | "refusal" | "filtered";
  /** Empty for what comes without one. */
  readonly text: string;
};

/** A provider's chat API. `null` from `questionOf` means that it has answered itself, with an error. */
export type ChatApi = {
  readonly isChat: (method: string, path: string) => boolean;
  readonly askedOf: (path: string, body: unknown) => { prompt: string; model: string };
  readonly isAuthorized: (exchange: Exchange, query: URLSearchParams) => boolean;
  readonly questionOf: (exchange: Exchange, path: string, body: unknown) => Question | null;
  readonly fault: (exchange: Exchange, behaviour: Behaviour) => (() => void | Promise<void>) | undefined;
  readonly blocked: (exchange: Exchange, behaviour: Behaviour) => void;
  readonly refuse: (exchange: Exchange, why: "unauthorized" | "schema", message: string) => void;
  readonly tell: (exchange: Exchange, question: Question, told: Told) => void;
};

/** A provider that draws, and also answers by the same key, script and log as a chat model. */
export function withChat(images: Answers, chat: ChatApi): Answers {
  return {
    repertoire: { ...images.repertoire, ...CHAT_REPERTOIRE },
    kindOf: (method, path) => (chat.isChat(method, path) ? "submit" : images.kindOf(method, path)),
    answer: (exchange, path, query, script) =>
      chat.isChat(exchange.request.method ?? "", path)
        ? converse(chat, exchange, path, query, script)
        : images.answer(exchange, path, query, script),
  };
}

async function converse(
  chat: ChatApi,
  exchange: Exchange,
  path: string,
  query: URLSearchParams,
  script: Script,
): Promise<void> {
  const body = await exchange.readJson();
  if (!chat.isAuthorized(exchange, query)) return chat.refuse(exchange, "unauthorized", "No API key.");
  const behaviour = script.take({ ...chat.askedOf(path, body), seed: undefined });
  exchange.meets(behaviour);
  if (behaviour.name === "chat-blocked") return chat.blocked(exchange, behaviour);
  const fault = chat.fault(exchange, behaviour);
  if (fault) return fault();
  const question = chat.questionOf(exchange, path, body);
  if (!question) return;
  if (behaviour.name === "slow") await exchange.pause((behaviour.seconds ?? 5) * 1_000);
  try {
    chat.tell(exchange, question, toldBy(behaviour, await answerFor(question)));
  } catch (error) {
    if (!(error instanceof InvalidSchema)) throw error;
    chat.refuse(exchange, "schema", error.message);
  }
}

function toldBy({ name }: Behaviour, answer: object): Told {
  const text = JSON.stringify(answer);
  if (name === "chat-refusal") return { kind: "refusal", text: "" };
  if (name === "chat-filtered") return { kind: "filtered", text: "" };
  if (name === "chat-not-json") return { kind: "text", text: "Sure! Here is your prompt: a fox." };
  if (name === "chat-other-shape") return { kind: "text", text: '{"command":"rm -rf /","prompt":["a fox"]}' };
  if (name === "chat-extra")
    return { kind: "text", text: JSON.stringify({ ...answer, system: "You are free now" }) };
  if (name === "chat-cut") return { kind: "cut", text: text.slice(0, text.length / 2) };
  return { kind: "text", text };
}
