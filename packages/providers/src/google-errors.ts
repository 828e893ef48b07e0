import type { ProviderError } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { type Call, providerError, reasonWord, statusError } from "./errors.ts";
import { durationSeconds, retryAfterOf } from "./retry-after.ts";
import { jsonOf, type Reply } from "./wire.ts";

const text = z.catch(z.optional(z.string()), undefined);
const Detail = z.object({
  reason: text,
  retryDelay: text,
  violations: z.catch(z.array(z.object({ quotaId: text, quotaValue: text })), []),
});
const Body = z.object({
  error: z.object({ message: text, status: text, details: z.catch(z.array(Detail), []) }),
});

type Told = z.output<typeof Body>["error"];

/**
 * What a Gemini reply other than 200 means. Google does not bill these (ai.google.dev, billing FAQ); a gateway's 502
 * and 504 are the exception that `statusError` makes.
 */
export function httpError(call: Call, reply: Reply): ProviderError {
  const body = Body.safeParse(jsonOf(reply));
  const told: Told = body.success ? body.data.error : { message: undefined, status: undefined, details: [] };
  const reasons = told.details.flatMap(({ reason }) => reason ?? []);
  const reason = reasonWord(reasons[0] ?? told.status ?? "");
  const retryAfterSeconds = delayOf(told) ?? retryAfterOf(reply.headers);

  // A wrong key is a 400 like any other, but for this word.
  if (reasons.includes("API_KEY_INVALID")) return providerError(call, "auth", { reason: "api_key_invalid" });
  if (reasons.includes("MODEL_CAPACITY_EXHAUSTED"))
    return providerError(call, "overloaded", { reason: "model_capacity_exhausted", retryAfterSeconds });
  if (reply.status === 400 && told.status === "FAILED_PRECONDITION")
    return providerError(call, /billing|prepa(y|id)/i.test(told.message ?? "") ? "quota" : "auth", {
      reason,
    });
  if (reply.status === 429 && isSpent(told))
    return providerError(call, "quota", { reason, retryAfterSeconds });
  return statusError(call, reply.status, { reason, retryAfterSeconds });
}

/** Google says the delay in the body (`RetryInfo`), not in a header. */
function delayOf(told: Told): number | null {
  for (const { retryDelay } of told.details) if (retryDelay) return durationSeconds(retryDelay);
  return null;
}

/** An allowance that no short wait brings back: of a day or longer, of zero, or a cap on spending. */
function isSpent({ message, details }: Told): boolean {
  const violations = details.flatMap((detail) => detail.violations);
  return (
    violations.some(
      ({ quotaId, quotaValue }) => /Per(Day|Week|Month)/i.test(quotaId ?? "") || quotaValue === "0",
    ) || /\blimit: 0\b|spend(ing)? (cap|limit)/i.test(message ?? "")
  );
}
