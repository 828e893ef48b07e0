import type { Provider as ProviderName } from "@imgpilot/contract/catalogue";
import type { ProviderErrorKind } from "@imgpilot/contract/errors";
import { type Drawn, type Pending, type Provider, ProviderError } from "@imgpilot/core/generations/provider";
import type { VirtualClock } from "@imgpilot/testkit/virtual-clock";
import { type Gate, through } from "./gate.ts";
import { current } from "./lambda.ts";
import { garbage, picture } from "./pictures.ts";

/** What a provider does when it is called: `garbage` is no picture, `hangs` is never heard of again. */
export type Reply = "draws" | "queues" | "garbage" | "hangs" | Exclude<ProviderErrorKind, "bad_response">;
export type Poll = "pending" | "drawn" | "fails" | "moderated";

export type Script = {
  readonly reply: (provider: ProviderName, nth: number) => Reply;
  readonly poll: (nth: number) => Poll;
};

/** A call as the provider saw it; booked, where an attempt for it was in our books by then. */
export type Call = {
  readonly runId: string;
  readonly image: number;
  readonly reply: Reply;
  readonly isBooked: boolean;
  readonly from: number;
  until: number;
};

/** In virtual seconds: of a call that is answered, and until ours give one up that is not. */
const CALL_SECONDS = 8;
const PATIENCE_SECONDS = 240;

/** The providers: they draw and charge, whatever becomes of those who asked. */
export class Providers {
  readonly calls: Call[] = [];
  readonly #clock: VirtualClock;
  readonly #script: Script;
  readonly #answered: Gate["answered"];
  readonly #asked: Record<ProviderName, number> = {
    google: 0,
    bfl: 0,
    openai: 0,
    xai: 0,
    fal: 0,
    replicate: 0,
  };
  #polls = 0;

  /** `answered`: what the books said to each call of a verb until now. */
  constructor(clock: VirtualClock, script: Script, answered: Gate["answered"]) {
    this.#clock = clock;
    this.#script = script;
    this.#answered = answered;
  }

  of(name: ProviderName): Provider {
    const operation = { kind: "provider", hasEffect: true } as const;
    return {
      submit: () => through({ ...operation, name: "submit" }, () => this.#submit(name)),
      poll: (handle) => through({ ...operation, name: "poll" }, () => this.#poll(handle)),
    };
  }

  async #submit(name: ProviderName): Promise<Drawn | Pending> {
    const of = current()?.work.of ?? { runId: "", image: -1 };
    const reply = this.#script.reply(name, this.#asked[name]++);
    const from = this.#clock.now;
    const earlier = this.calls.filter(({ runId, image }) => runId === of.runId && image === of.image).length;
    const begun = this.#answered.filter(
      ({ verb, parameters: [runId, image], answer }) =>
        verb === "attempt_begin" && runId === of.runId && image === of.image && answer === "begun",
    ).length;
    const call = { ...of, reply, isBooked: begun > earlier, from, until: from };
    const nth = this.calls.push(call);
    if (reply === "hangs") return this.#clock.halt();
    await this.#clock.sleep(reply === "timeout" ? PATIENCE_SECONDS : CALL_SECONDS);
    call.until = this.#clock.now;
    if (reply === "queues")
      return { state: "pending", handle: `order ${nth}`, requestId: `request ${nth}`, costMicros: null };
    if (reply === "draws" || reply === "garbage") return drawn(nth, reply === "draws");
    throw failure(reply);
  }

  /** An order that is asked after again is the same picture. */
  async #poll(handle: string): Promise<Drawn | Pending> {
    await this.#clock.sleep(1);
    const answer = this.#script.poll(this.#polls++);
    if (answer === "fails") throw new ProviderError("overloaded", "the poll failed", { final: false });
    if (answer === "moderated") throw failure("moderated");
    if (answer === "drawn") return drawn(Number(handle.replace(/\D/g, "")), true);
    return { state: "pending", handle, requestId: null, costMicros: null };
  }
}

const drawn = (nth: number, isPicture: boolean): Drawn => ({
  state: "drawn",
  bytes: isPicture ? picture(nth) : garbage(),
  contentType: "image/png",
  requestId: `request ${nth}`,
  costMicros: null,
});

function failure(kind: ProviderErrorKind): ProviderError {
  const retryAfterSeconds = kind === "rate_limited" ? 3 : null;
  return new ProviderError(kind, kind, { retryAfterSeconds, maybeBilled: kind === "timeout" });
}

/** Whether a call with this reply may have been paid for. */
export const mayBePaid = (reply: Reply): boolean =>
  ["draws", "queues", "garbage", "hangs", "timeout"].includes(reply);
