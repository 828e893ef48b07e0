import type { ProviderError } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { type Call, moderationError, providerError, reasonWord, statusError } from "./errors.ts";
import { retryAfterOf, wholeSeconds } from "./retry-after.ts";
import { jsonOf, type Reply } from "./wire.ts";

/**
 * The error that a prediction ended in, or null while it is under way or has succeeded. Only a prediction that was
 * `aborted`, which is before it began, is free for certain (replicate.com/changelog/2025-10-16-prediction-deadlines).
 */
export function endingOf(call: Call, status: string, error: string): ProviderError | null {
  if (status === "aborted")
    return providerError(call, "overloaded", { reason: "aborted", maybeBilled: false, final: true });
  // Past its deadline, or stopped by somebody: it ran, and is charged, and has no picture.
  if (status === "canceled") return providerError(call, "timeout", { reason: "canceled", final: true });
  if (status !== "failed") return null;

  const code = /\b(E\d{3,4})\b/.exec(error)?.[1] ?? "";
  // "The input or output was flagged as sensitive": it does not say which. Older models say NSFW.
  if (code === "E005" || /flagged as sensitive|NSFW|content moderation/i.test(error))
    return moderationError(call, null, { reason: "sensitive", maybeBilled: true });
  const reason = reasonWord(code);
  if (code === "E006") return providerError(call, "invalid_input", { reason, final: true });
  return providerError(call, "overloaded", { reason: reason ?? "failed", final: true });
}

/**
 * A prediction that was not created. Where Replicate itself broke (500), it may have been all the same, and nobody
 * would ever ask for its picture.
 */
export const submitHttpError = (call: Call, reply: Reply): ProviderError =>
  statusError(call, reply.status, {
    ...toldOf(reply),
    ...(reply.status === 500 ? { maybeBilled: true } : {}),
  });

/** A poll that failed. Asking the same again cannot help where the prediction or the question itself is refused. */
export function pollHttpError(call: Call, reply: Reply): ProviderError {
  if (reply.status === 404 || reply.status === 410)
    return providerError(call, "bad_response", { reason: "task_not_found", final: true });
  if (reply.status === 400 || reply.status === 422)
    return providerError(call, "bad_response", { reason: "poll_refused", final: true });
  return statusError(call, reply.status, toldOf(reply));
}

/** A problem document, of which the title is a category, and the detail of a 429 says how long. */
const Problem = z.object({
  title: z.catch(z.optional(z.string()), undefined),
  detail: z.catch(z.optional(z.string()), undefined),
});

function toldOf(reply: Reply): { reason: string | null; retryAfterSeconds: number | null } {
  const problem = Problem.safeParse(jsonOf(reply));
  const { title = "", detail = "" } = problem.data ?? {};
  // "Your rate limit resets in ~30s."
  const resets = reply.status === 429 ? /resets in ~?(\d+(?:\.\d+)?)s/.exec(detail)?.[1] : undefined;
  return {
    reason: reasonWord(title),
    retryAfterSeconds: retryAfterOf(reply.headers) ?? (resets ? wholeSeconds(Number(resets)) : null),
  };
}
