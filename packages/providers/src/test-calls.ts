import { createServer } from "node:net";
import { ProviderError } from "@imgpilot/core/generations/provider";

/** Long enough for any test: what is to time out is aborted by hand. */
export const signal = () => AbortSignal.timeout(30_000);

export type Failure = Pick<
  ProviderError,
  "kind" | "stage" | "reason" | "retryAfterSeconds" | "maybeBilled" | "final" | "message"
>;

/** The ProviderError that a call ends in; any other ending fails the test. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const ending = await call.then(
    (value) => new Error(`Expected a failure, got ${JSON.stringify(value).slice(0, 200)}`),
    (error: unknown) => error,
  );
  if (!(ending instanceof ProviderError)) throw ending;
  const { kind, stage, reason, retryAfterSeconds, maybeBilled, final, message } = ending;
  return { kind, stage, reason, retryAfterSeconds, maybeBilled, final, message };
}

/** A port of 127.0.0.1 at which nobody listens. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 1;
}
