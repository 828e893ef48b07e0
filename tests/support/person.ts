import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Client, createClient, type Input } from "@imgpilot/contract/client";
import type { GenerationWithReceipt } from "@imgpilot/contract/generations";
import type { Endpoints } from "@imgpilot/localcloud/cloud";
import { signIn } from "../../scripts/shell/session.ts";
import { forgetCaller } from "./caller.ts";

export type Person = { readonly email: string; readonly token: string; readonly client: Client };

let people = 0;

/** Somebody new, with the welcome credits, signed in through the mailbox. */
export async function newPerson({ gateway, mailbox, redis }: Endpoints): Promise<Person> {
  await forgetCaller(redis);
  const email = `person-${process.pid}-${++people}-${Date.now()}@imgpilot.test`;
  const dir = mkdtempSync(path.join(tmpdir(), "imgpilot-session-"));
  const token = await signIn({ gateway, mailbox, dir }, email);
  return { email, token, client: createClient({ baseUrl: gateway, token }) };
}

export const ORDER = {
  model: "nano-banana-2.1",
  prompt: "a red fox in snow",
  count: 1,
  maxCredits: 100,
} satisfies Input<"createGeneration">["body"];

/** Waits until `done` says so; the bound is for a broken platform, not for a slow machine. */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  done: (value: T) => boolean,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1_000;
  for (;;) {
    const value = await ask();
    if (done(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`Waited ${seconds} s for ${what}; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The generation once it has ended and its credits are settled. */
export const ended = ({ client }: Person, id: string, seconds = 60): Promise<GenerationWithReceipt> =>
  until(
    `${id} to end`,
    () => client.getGeneration({ params: { id } }),
    ({ state, receipt }) => state !== "queued" && state !== "running" && receipt.settledAt !== null,
    seconds,
  );

/** Nothing of what a receipt says may contradict anything else in it. */
export function booksOf({ receipt, images, credits }: GenerationWithReceipt) {
  const sum = (kind: string) =>
    receipt.entries.filter((entry) => entry.kind === kind).reduce((total, entry) => total + entry.amount, 0);
  return {
    charged: receipt.charged,
    returned: receipt.returned,
    delivered: images.filter((image) => image.state === "done").length,
    balanced:
      receipt.held === receipt.charged + receipt.returned &&
      sum("reserve") === receipt.held &&
      sum("commit") === receipt.charged &&
      sum("refund") === receipt.returned &&
      credits.charged === receipt.charged,
  };
}
