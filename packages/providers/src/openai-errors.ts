import type { ProviderError } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { type Call, moderationError, providerError, reasonWord, statusError } from "./errors.ts";
import { retryAfterOf } from "./retry-after.ts";
import { jsonOf, type Reply } from "./wire.ts";

const text = z.catch(z.nullish(z.string()), null);
const Details = z.object({ moderation_stage: text, categories: z.catch(z.array(z.string()), []) });
const Body = z.object({
  error: z.object({
    message: text,
    type: text,
    code: text,
    moderation_details: z.catch(z.nullish(Details), null),
  }),
});
type Told = z.output<typeof Body>["error"];

/** Codes of a 429 that no short wait brings back (developers.openai.com, error codes). */
const SPENT = new Set([
  "insufficient_quota",
  "credit_balance_exhausted",
  "project_spend_limit_exceeded",
  "organization_spend_limit_exceeded",
  "organization_usage_limit_exceeded",
  "billing_hard_limit_reached",
]);

/**
 * What a reply other than 200 means. A request that was refused is not billed; where OpenAI itself broke (500), or a
 * picture was drawn and then blocked, nobody says so.
 */
export function httpError(call: Call, reply: Reply): ProviderError {
  const body = Body.safeParse(jsonOf(reply));
  const told: Told = body.success ? body.data.error : {};
  const { type, code } = told;
  if (code === "moderation_blocked" || code === "content_policy_violation") return blocked(call, told);

  const reason = reasonWord(code ?? type ?? "");
  const retryAfterSeconds = retryAfterOf(reply.headers);
  if (SPENT.has(type ?? "") || SPENT.has(code ?? ""))
    return providerError(call, "quota", { reason, retryAfterSeconds });
  if (code === "model_not_found") return providerError(call, "model_gone", { reason });
  return statusError(call, reply.status, {
    reason,
    retryAfterSeconds,
    ...(reply.status === 500 ? { maybeBilled: true } : {}),
  });
}

/** The category stands in the details, or else in the message: `safety_violations=[violence]`. */
function blocked(call: Call, { message, moderation_details: details }: Told): ProviderError {
  const said = details?.moderation_stage;
  const stage = said === "input" || said === "output" ? said : null;
  const category = details?.categories[0] ?? /safety_violations=\[\s*([\w/-]+)/.exec(message ?? "")?.[1];
  return moderationError(call, stage, {
    reason: category ? reasonWord(category) : null,
    maybeBilled: stage !== "input",
  });
}
