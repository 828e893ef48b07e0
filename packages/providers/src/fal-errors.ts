import type { ProviderErrorKind } from "@imgpilot/contract/errors";
import type { ProviderError } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { type Call, moderationError, providerError, reasonWord, statusError } from "./errors.ts";
import { retryAfterOf } from "./retry-after.ts";
import { jsonOf, type Reply } from "./wire.ts";

/**
 * Two kinds of body: the platform's `{ detail: "words", error_type }` (docs.fal.ai, request errors), and a model's
 * `{ detail: [{ loc, type }] }` (docs.fal.ai, model errors).
 */
const Finding = z.object({
  type: z.string(),
  loc: z.catch(z.array(z.union([z.string(), z.number()])), []),
  categories: z.catch(z.array(z.string()), []),
});
const Findings = z.object({ detail: z.array(Finding) });
const Platform = z.object({
  detail: z.catch(z.optional(z.string()), undefined),
  error_type: z.catch(z.optional(z.string()), undefined),
});

type Told = { readonly finding: z.output<typeof Finding> | undefined; readonly type: string; words: string };

function toldOf(reply: Reply): Told {
  const body = jsonOf(reply);
  // Not every endpoint has been moved to `detail` yet: some answer with the bare list.
  const findings = Findings.safeParse(Array.isArray(body) ? { detail: body } : body);
  const platform = Platform.safeParse(body);
  const finding = findings.success ? findings.data.detail[0] : undefined;
  const type = finding?.type ?? platform.data?.error_type ?? reply.headers.get("x-fal-error-type") ?? "";
  return { finding, type, words: platform.data?.detail ?? "" };
}

/**
 * An order that was not taken. Where fal itself broke (500), it may have been taken all the same, and nobody would
 * ever ask for its picture.
 */
export function submitHttpError(call: Call, reply: Reply): ProviderError {
  const { finding, type, words } = toldOf(reply);
  if (finding) return findingError(call, finding, reply.status);
  const reason = reasonWord(type);
  const retryAfterSeconds = retryAfterOf(reply.headers);
  // A used-up balance locks the account, and is told by these words alone.
  if (reply.status === 403 && /exhausted balance|TOP_UP/i.test(words))
    return providerError(call, "quota", { reason: "exhausted_balance", retryAfterSeconds });
  return statusError(call, reply.status, {
    reason,
    retryAfterSeconds,
    ...(reply.status === 500 ? { maybeBilled: true } : {}),
  });
}

/** A status that could not be asked. Asking the same again cannot help where the question itself is refused. */
export function pollHttpError(call: Call, reply: Reply): ProviderError {
  if (reply.status === 404 || reply.status === 410)
    return providerError(call, "bad_response", { reason: "task_not_found", final: true });
  if (reply.status === 400 || reply.status === 422)
    return providerError(call, "bad_response", { reason: "poll_refused", final: true });
  const retryAfterSeconds = retryAfterOf(reply.headers);
  return statusError(call, reply.status, { reason: reasonWord(toldOf(reply).type), retryAfterSeconds });
}

/**
 * A result that is no picture: the model's refusal where it names a type, or where the queue said that the order
 * failed; else a result that could not be read just now.
 */
export function resultHttpError(call: Call, reply: Reply, { isEnded }: { isEnded: boolean }): ProviderError {
  const { finding, type } = toldOf(reply);
  if (finding) return findingError(call, finding, reply.status);
  if (type) return endingError(call, type);
  if (!isEnded) return pollHttpError(call, reply);
  return providerError(call, "overloaded", { maybeBilled: reply.status < 500, final: true });
}

/** What the platform ended, by its `error_type`. "Server errors (HTTP 500+) are never charged" (docs.fal.ai, FAQ). */
export function endingError(call: Call, type: string): ProviderError {
  const reason = reasonWord(type);
  if (type === "bad_request")
    return providerError(call, "invalid_input", { reason, maybeBilled: true, final: true });
  if (type === "client_cancelled" || type === "client_disconnected")
    return providerError(call, "bad_response", { reason, maybeBilled: true, final: true });
  return providerError(call, "overloaded", { reason, maybeBilled: false, final: true });
}

/** Types that are no fault of the request, although some come as 4xx; every other one is. */
const KINDS: Readonly<Record<string, ProviderErrorKind>> = {
  internal_server_error: "overloaded",
  generation_timeout: "overloaded",
  downstream_service_error: "overloaded",
  downstream_service_unavailable: "overloaded",
  no_media_generated: "no_image",
};

/** What a model found. "Client-side errors may still be charged if a runner spent GPU time" (docs.fal.ai, FAQ). */
function findingError(call: Call, finding: z.output<typeof Finding>, status: number): ProviderError {
  const maybeBilled = call.phase === "poll" && status < 500;
  if (finding.type === "content_policy_violation") {
    const reason = reasonWord(finding.categories[0] ?? finding.type);
    // `["body", "prompt"]` or `["body", "image_url"]` is what was sent; a bare `["body"]` does not say.
    return moderationError(call, finding.loc.length > 1 ? "input" : null, { reason, maybeBilled });
  }
  const kind = KINDS[finding.type] ?? (status >= 500 ? "overloaded" : "invalid_input");
  return providerError(call, kind, { reason: reasonWord(finding.type), maybeBilled, final: true });
}
