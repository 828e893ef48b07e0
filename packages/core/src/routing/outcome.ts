import { ProviderError } from "../generations/provider.ts";
import type { Outcome } from "./gate.ts";

const RATE_LIMIT_SECONDS = 5;
const GONE_SECONDS = 600;

/** What an error says about the route that it came from (B2). An error that is no provider's says nothing. */
export function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof ProviderError)) return { kind: "none" };
  switch (error.kind) {
    case "rate_limited":
      return {
        kind: "out",
        seconds: Math.min(GONE_SECONDS, Math.max(1, error.retryAfterSeconds ?? RATE_LIMIT_SECONDS)),
      };
    case "quota":
    case "auth":
    case "model_gone":
      return { kind: "out", seconds: GONE_SECONDS };
    case "overloaded":
    case "timeout":
    case "bad_response":
      return { kind: "failed" };
    case "moderated":
    case "invalid_input":
    case "no_image":
      return { kind: "answered" };
  }
}
