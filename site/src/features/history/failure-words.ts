import type { Image } from "@imgpilot/contract/generations";
import { m } from "#strings";
import { providerName } from "../../data/providers.ts";

type Say = (provider: string) => string;

const WORDS: Readonly<Record<string, Say>> = {
  "provider.rate_limited": (provider) => m.failed_busy({ provider }),
  "provider.overloaded": (provider) => m.failed_busy({ provider }),
  "provider.timeout": (provider) => m.failed_timeout({ provider }),
  "provider.quota": (provider) => m.failed_away({ provider }),
  "provider.auth": (provider) => m.failed_away({ provider }),
  "provider.model_gone": (provider) => m.failed_gone({ provider }),
  "provider.no_image": (provider) => m.failed_no_image({ provider }),
  "provider.invalid_input": (provider) => m.failed_input({ provider }),
  "provider.bad_response": (provider) => m.failed_reply({ provider }),
  "store.failed": () => m.failed_store(),
  "run.closed": () => m.failed_closed(),
};

/** Why an image is not there, in the person's language. The provider's own reason, a word or two, is kept as it is. */
export function failureWords({ failure, provider }: Pick<Image, "failure" | "provider">): string {
  const who = provider ? providerName(provider) : m.a_provider();
  if (!failure) return m.failed_closed();
  if (failure.code === "provider.moderated") {
    const reason = /\(([^)]{1,60})\)/.exec(failure.message)?.[1];
    // Kept together by marks that are not seen: the provider's words read from the left, whatever stands around them.
    const kept = `\u2068${reason}\u2069`;
    return reason
      ? m.failed_blocked_reason({ provider: who, reason: kept })
      : m.failed_blocked({ provider: who });
  }
  return WORDS[failure.code]?.(who) ?? failure.message.replace(/^Not charged:\s*/, "");
}
