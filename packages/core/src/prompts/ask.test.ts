import { CHAT_ROUTES } from "@imgpilot/contract/chat-routes";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ProviderError } from "../generations/provider.ts";
import { type Asking, ask } from "./ask.ts";
import type { Chat, ChatAnswer } from "./chat.ts";
import { PROPOSAL } from "./shapes.ts";

/** What depends on time and on whom we can call. What providers say is tested on the wire, at the route. */
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const QUESTION = { instructions: "Improve it.", text: "a fox", image: null, shape: PROPOSAL };
const GOOD: ChatAnswer = {
  json: { proposal: "a red fox" },
  tokens: { input: 1_000, output: 100 },
  costMicros: null,
  requestId: null,
};
const answers = (answer: ChatAnswer): Chat => ({ ask: async () => answer });
/** Says nothing until it is called off. */
const silent: Chat = {
  ask: (_, signal) =>
    new Promise((_, reject) => {
      const timedOut = () => reject(new ProviderError("timeout", "It did not answer in time"));
      signal.addEventListener("abort", timedOut);
      setTimeout(timedOut, 12_000);
    }),
};

function asking(chats: Record<"google" | "openai" | "xai", Chat | Error>) {
  const called: string[] = [];
  const reported: unknown[] = [];
  const ctx: Asking = {
    chat: async (name) => {
      called.push(name);
      const chat = chats[name];
      if (chat instanceof Error) throw chat;
      return chat;
    },
    report: (_, facts) => void reported.push(facts),
  };
  return { ctx, called, reported };
}

test("a provider whose key we have not is passed over, and operators are told", async () => {
  const { ctx, called, reported } = asking({
    google: new Error("GOOGLE_API_KEY is not set"),
    openai: answers(GOOD),
    xai: silent,
  });
  const { answer, account } = await ask(ctx, QUESTION, Date.now() + 24_000);
  expect(answer).toEqual({ proposal: "a red fox" });
  expect(account).toMatchObject({ provider: "openai", calls: 2 });
  expect(called).toEqual(["google", "openai"]);
  expect(reported).toMatchObject([{ provider: "google" }]);
});

test("silent providers do not keep the caller past the deadline: whom there is no time for is not asked", async () => {
  const { ctx, called } = asking({ google: silent, openai: silent, xai: answers(GOOD) });
  const asked = ask(ctx, QUESTION, Date.now() + 24_000).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(24_000);
  expect(await asked).toMatchObject({ code: "service.unavailable", retryAfterSeconds: 30 });
  expect(called).toEqual(["google", "openai"]);
});

test.each([
  ["tokens and our list of prices", GOOD, (CHAT_ROUTES[0]?.inputMicros ?? 0) / 1_000],
  ["the provider's own word", { ...GOOD, costMicros: 77 }, null],
  ["nothing", { ...GOOD, tokens: null }, null],
] as const)("the cost is told by %s", async (_, answer, inputMicros) => {
  const { ctx } = asking({ google: answers(answer), openai: silent, xai: silent });
  const { account } = await ask(ctx, QUESTION, Date.now() + 24_000);
  const outputMicros = (CHAT_ROUTES[0]?.outputMicros ?? 0) / 10_000;
  expect(account.costMicros).toBe(inputMicros === null ? answer.costMicros : inputMicros + outputMicros);
});
