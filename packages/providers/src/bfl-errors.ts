import type { ProviderError } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { type Call, moderationError, providerError, reasonWord, statusError } from "./errors.ts";
import { retryAfterOf, wholeSeconds } from "./retry-after.ts";
import { jsonOf, type Reply } from "./wire.ts";

/**
 * The error that a polled status is, or null while the order is under way or ready. Only images that became ready are
 * paid for (help.bfl.ai, on moderation); a task that is not found may have been one of them.
 */
export function endingOf(call: Call, status: string, body: unknown): ProviderError | null {
  switch (status) {
    case "Request Moderated":
      return moderationError(call, "input", { reason: moderationReason(body), maybeBilled: false });
    case "Content Moderated":
      return moderationError(call, "output", { reason: moderationReason(body), maybeBilled: false });
    case "Error":
    case "Failed":
      return providerError(call, "overloaded", {
        reason: reasonWord(status),
        maybeBilled: false,
        final: true,
      });
    case "Task not found":
      return providerError(call, "bad_response", { reason: "task_not_found", final: true });
    default:
      return null;
  }
}

const Reasons = z.object({ details: z.object({ "Moderation Reasons": z.array(z.string()) }) });

function moderationReason(body: unknown): string | null {
  const told = Reasons.safeParse(body);
  return told.success ? reasonWord(told.data.details["Moderation Reasons"][0] ?? "") : null;
}

/**
 * An order that was not taken. Where BFL itself broke (500), it may have been taken all the same, and nobody would
 * ever ask for its picture.
 */
export const submitHttpError = (call: Call, reply: Reply): ProviderError =>
  statusError(call, reply.status, {
    ...told(reply),
    ...(reply.status === 500 ? { maybeBilled: true } : {}),
  });

/** A poll that failed. Asking the same again cannot help where the order or the question itself is refused. */
export function pollHttpError(call: Call, reply: Reply): ProviderError {
  if (reply.status === 404 || reply.status === 410)
    return providerError(call, "bad_response", { reason: "task_not_found", final: true });
  if (reply.status === 400 || reply.status === 422)
    return providerError(call, "bad_response", { reason: "poll_refused", final: true });
  return statusError(call, reply.status, told(reply));
}

/** Two kinds of body are about: FastAPI's `detail` with a `type` per finding, and `{ error, message, details }`. */
const FastApi = z.object({ detail: z.array(z.object({ type: z.string() })) });
const Other = z.object({
  error: z.catch(z.optional(z.string()), undefined),
  retry_after: z.catch(z.optional(z.number()), undefined),
});

function told(reply: Reply): { reason: string | null; retryAfterSeconds: number | null } {
  const body = jsonOf(reply);
  const fastApi = FastApi.safeParse(body);
  const other = Other.safeParse(body);
  const word = fastApi.success ? fastApi.data.detail[0]?.type : other.data?.error;
  const delay = other.data?.retry_after;
  return {
    reason: word ? reasonWord(word) : null,
    retryAfterSeconds: retryAfterOf(reply.headers) ?? (delay === undefined ? null : wholeSeconds(delay)),
  };
}
