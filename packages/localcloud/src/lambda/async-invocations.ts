import type { FunctionSpec } from "../assembly/model.ts";
import type { Outcome } from "./outcome.ts";

const RETRY_DELAYS_MS = [1_000, 5_000];

type Options = {
  readonly log: (line: string) => void;
  readonly asyncRetryDelaysMs?: readonly number[];
};

/** Invocations that nobody waits for: one that fails is tried again, as often as its function says, then told in the log. */
export function asyncInvocations(
  invoke: (name: string, event: string) => Promise<Outcome>,
  { log, asyncRetryDelaysMs: delays = RETRY_DELAYS_MS }: Options,
): { readonly accept: (spec: FunctionSpec, event: string) => void; readonly close: () => void } {
  const retryTimers = new Set<NodeJS.Timeout>();

  async function attempt(spec: FunctionSpec, event: string, retry: number): Promise<void> {
    const problem = await problemOf(() => invoke(spec.name, event));
    if (problem === null) return;
    if (retry >= spec.asyncRetries) {
      return log(`${spec.name}: an asynchronous invocation failed ${retry + 1} times: ${problem}`);
    }
    const timer = setTimeout(
      () => {
        retryTimers.delete(timer);
        void attempt(spec, event, retry + 1);
      },
      delays[Math.min(retry, delays.length - 1)],
    );
    retryTimers.add(timer);
  }

  return {
    accept: (spec, event) => void attempt(spec, event, 0),
    close: () => {
      for (const timer of retryTimers) clearTimeout(timer);
    },
  };
}

async function problemOf(invocation: () => Promise<Outcome>): Promise<string | null> {
  try {
    const outcome = await invocation();
    return outcome.isError ? outcome.body : null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
