import type { Drawn, Pending, Provider } from "@imgpilot/core/generations/provider";
import { type Failure, failureOf, signal } from "./test-calls.ts";

/** What the polls of an order came to: its end, and what was in the way. */
export type Polled = {
  readonly ending: Drawn | Failure;
  readonly pendings: number;
  readonly failures: readonly Failure[];
};

/** Polls as the workflow does, past failures that are not final. */
export async function polledToEnd(provider: Provider, handle: string): Promise<Polled> {
  const failures: Failure[] = [];
  for (let pendings = 0; pendings + failures.length < 10; ) {
    const reply: Drawn | Pending | Failure = await provider
      .poll(handle, signal())
      .catch((error: unknown) => failureOf(Promise.reject(error)));
    if ("state" in reply && reply.state === "drawn") return { ending: reply, pendings, failures };
    if ("state" in reply) pendings++;
    else if (reply.final) return { ending: reply, pendings, failures };
    else failures.push(reply);
  }
  throw new Error("The order never ended");
}

/** What a failure is where a row does not say otherwise. */
export const PLAIN = { stage: null, retryAfterSeconds: null, maybeBilled: false, final: true } as const;

/** No message may hold any of these: bodies, prompts, addresses, keys. */
export const NOT_SAFE = /<|\{|that-must-not-leak|fox|127\.0\.0\.1|https?:/;
