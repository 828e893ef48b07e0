import { setTimeout as sleep } from "node:timers/promises";
import { CHAT_ROUTES, type ChatRoute } from "@imgpilot/contract/chat-routes";
import type { Context } from "../context.ts";
import { Refusal } from "../errors.ts";
import { ProviderError } from "../generations/provider.ts";
import type { Chat, ChatAnswer, ChatRequest } from "./chat.ts";
import { CALL_SECONDS, COME_BACK_SECONDS, LEAST_CALL_SECONDS, PAUSE_SECONDS } from "./limits.ts";
import type { Shape } from "./shapes.ts";

export type Asking = Pick<Context, "report"> & {
  /** Loads a provider's adapter. */
  readonly chat: (name: ChatRoute["provider"]) => Promise<Chat>;
};

export type Question<Answer> = Omit<ChatRequest, "upstream" | "shape"> & { readonly shape: Shape<Answer> };

/** Who answered, after how many calls, at what cost to us (USD micros; null where nobody says): for logs, no content. */
export type Account = Pick<ChatRoute, "provider" | "upstream"> & {
  readonly calls: number;
  readonly costMicros: number | null;
};

/** Nobody answered; all may in a while. */
export class Unanswered extends Refusal {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super("service.unavailable", "Nobody can answer this at the moment");
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * Asks the providers one after the other, until one answers in the shape that was asked for or `deadline` (ms since
 * 1970) has come. A block is final: another provider is not asked for what one refuses.
 * @throws {Refusal} `prompt.blocked`, or `Unanswered`.
 */
export async function ask<Answer>(
  ctx: Asking,
  question: Question<Answer>,
  deadline: number,
): Promise<{ answer: Answer; account: Account }> {
  const asks: number[] = [];
  let calls = 0;
  for (const route of CHAT_ROUTES) {
    for (const isAgain of [false, true]) {
      const seconds = Math.min(CALL_SECONDS, (deadline - Date.now()) / 1_000);
      if (seconds < LEAST_CALL_SECONDS) throw new Unanswered(Math.min(COME_BACK_SECONDS, ...asks));
      calls += 1;
      const ending = await call(ctx, route, question, seconds);
      if ("answer" in ending) {
        const { provider, upstream } = route;
        const account = { provider, upstream, calls, costMicros: costOf(route, ending.told) };
        return { answer: ending.answer, account };
      }
      const { error } = ending;
      ctx.report(error, { provider: route.provider, upstream: route.upstream, during: "a question" });
      if (error.kind === "moderated") throw new Refusal("prompt.blocked", error.message);
      if (error.retryAfterSeconds !== null) asks.push(error.retryAfterSeconds);
      if (isAgain || !isWorthAPause(error)) break;
      await sleep((error.retryAfterSeconds ?? 0) * 1_000);
    }
  }
  throw new Unanswered(Math.max(1, Math.min(COME_BACK_SECONDS, ...asks)));
}

const isWorthAPause = ({ kind, retryAfterSeconds }: ProviderError) =>
  (kind === "rate_limited" || kind === "overloaded") &&
  retryAfterSeconds !== null &&
  retryAfterSeconds <= PAUSE_SECONDS;

type Ending<Answer> = { answer: Answer; told: ChatAnswer } | { error: ProviderError };

/** One call of one provider. A provider that we cannot call at all, as without its key, is one that failed. */
async function call<Answer>(
  { chat }: Asking,
  { provider, upstream }: ChatRoute,
  { shape, ...question }: Question<Answer>,
  seconds: number,
): Promise<Ending<Answer>> {
  try {
    const model = await chat(provider);
    const signal = AbortSignal.timeout(seconds * 1_000);
    const told = await model.ask({ ...question, upstream, shape }, signal);
    const answer = shape.read(told.json);
    if (answer !== null) return { answer, told };
    const reason = "shape";
    return { error: new ProviderError("bad_response", `${provider} answered in another shape`, { reason }) };
  } catch (error) {
    if (error instanceof ProviderError) return { error };
    return { error: new ProviderError("auth", `${provider} cannot be called by us: ${String(error)}`) };
  }
}

function costOf(route: ChatRoute, { costMicros, tokens }: ChatAnswer): number | null {
  if (costMicros !== null || !tokens) return costMicros;
  return Math.ceil((tokens.input * route.inputMicros + tokens.output * route.outputMicros) / 1_000_000);
}
