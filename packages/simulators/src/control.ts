import type { Behaviour, Scripted } from "./behaviours.ts";
import type { LoggedRequest } from "./request-log.ts";

export type { Scripted } from "./behaviours.ts";
export type { LoggedRequest } from "./request-log.ts";

/**
 * The remote control of a simulator that runs elsewhere, found by its provider's base URL
 * (`http://127.0.0.1:4010/google`).
 */
export function controlOf(providerUrl: string) {
  const { origin, pathname } = new URL(providerUrl);
  const url = `${origin}/_control${pathname.replace(/\/+$/, "")}`;

  async function ask(method: string, body?: unknown): Promise<State> {
    const response = await fetch(url, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok)
      throw new Error(`${method} ${url} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as State;
  }

  return {
    /** Replaces what the next calls meet. Throws for a behaviour that does not exist. */
    script: async (behaviours: readonly Scripted[]) => void (await ask("PUT", behaviours)),
    /** The behaviours that no call has met yet. */
    waiting: async () => (await ask("GET")).waiting,
    /** The requests received, oldest first; optionally of one kind. */
    requests: async (kind?: LoggedRequest["kind"]) =>
      (await ask("GET")).requests.filter((request) => kind === undefined || request.kind === kind),
    /** Forgets script and requests. */
    reset: async () => void (await ask("DELETE")),
  };
}

type State = { waiting: Behaviour[]; requests: LoggedRequest[] };
