import type { ProviderErrorKind } from "@imgpilot/contract/errors";
import { ProviderError } from "@imgpilot/core/generations/provider";

/**
 * The call that an error is about. What a failure means depends on it: a failed `submit` is the end of an attempt and
 * may have been paid for once it was sent; a failed `poll` (or the download after it) leaves a paid order standing.
 */
export type Call = { readonly who: string; readonly phase: "submit" | "poll" };

type Facts = Partial<Pick<ProviderError, "stage" | "reason" | "retryAfterSeconds" | "maybeBilled" | "final">>;

/** Ours alone, never a word of the reply: replies may quote prompts, keys and addresses. */
const MESSAGES: Readonly<Record<ProviderErrorKind, (who: string) => string>> = {
  rate_limited: (who) => `${who} has too many requests from us at the moment`,
  overloaded: (who) => `${who} is overloaded or cannot be reached`,
  timeout: (who) => `${who} did not answer in time`,
  quota: (who) => `Our quota or credit at ${who} is used up`,
  auth: (who) => `${who} refuses our credentials`,
  model_gone: (who) => `${who} does not offer this model`,
  moderated: (who) => `${who} blocked this request`,
  no_image: (who) => `${who} answered without an image`,
  invalid_input: (who) => `${who} cannot do what was asked`,
  bad_response: (who) => `${who} answered with something that we do not understand`,
};

/** An error of this call. A poll's is not final and may be of a paid order, unless `facts` know better. */
export function providerError(call: Call, kind: ProviderErrorKind, facts: Facts = {}): ProviderError {
  const standing = call.phase === "poll" ? { maybeBilled: true, final: false } : {};
  return new ProviderError(kind, MESSAGES[kind](call.who), { ...standing, ...facts });
}

/** A prompt or a picture was blocked, null where it is not said which. The reason is the provider's category, if any. */
export function moderationError(
  call: Call,
  stage: "input" | "output" | null,
  facts: Pick<Facts, "reason" | "maybeBilled">,
) {
  const what = { input: "this prompt", output: "the picture", unsaid: "this request" }[stage ?? "unsaid"];
  const why = facts.reason ? ` (${facts.reason.replaceAll("_", " ")})` : "";
  const message = `${call.who} blocked ${what}${why}`;
  return new ProviderError("moderated", message, { ...facts, stage, final: true });
}

/** From here on a delay is not a pause but an allowance that is spent: nobody waits hours for an image. */
const QUOTA_SECONDS = 3_600;

/** What an HTTP status means where the body does not say better. */
export function statusError(call: Call, status: number, facts: Facts = {}): ProviderError {
  const kind = kindOfStatus(status, facts.retryAfterSeconds ?? 0);
  // A gateway that gave up on its backend does not know what that went on to do.
  const maybeBilled = call.phase === "poll" || status === 502 || status === 504;
  return providerError(call, kind, { maybeBilled, ...facts });
}

function kindOfStatus(status: number, delaySeconds: number): ProviderErrorKind {
  if (status === 429) return delaySeconds >= QUOTA_SECONDS ? "quota" : "rate_limited";
  if (status === 402) return "quota";
  if (status === 401 || status === 403) return "auth";
  if (status === 404 || status === 410) return "model_gone";
  if ([400, 413, 414, 415, 422].includes(status)) return "invalid_input";
  if (status === 504) return "timeout";
  if (status === 408 || status === 425 || status >= 500) return "overloaded";
  return "bad_response";
}

/** Causes of a failed fetch that come before its first byte is sent: nothing can have been ordered yet. */
const UNSENT = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/**
 * What a fetch that threw means. Refused before anything was sent, it is an outage and free; cut off later, it is a
 * `timeout`: the provider may be drawing, and charging, although nobody will ever see the answer.
 */
export function networkError(call: Call, error: unknown): ProviderError {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, syscall, socket } = (cause ?? {}) as {
    code?: unknown;
    syscall?: unknown;
    socket?: { bytesWritten?: unknown };
  };
  const name = typeof code === "string" ? code : "";
  const isUnsent =
    UNSENT.has(name) ||
    name.startsWith("ERR_TLS_") ||
    name.startsWith("ERR_SSL_") ||
    syscall === "connect" ||
    syscall === "getaddrinfo" ||
    socket?.bytesWritten === 0;
  const reason = name ? reasonWord(name) : null;
  if (isUnsent) return providerError(call, "overloaded", { reason });
  return providerError(call, "timeout", {
    reason,
    ...(call.phase === "submit" ? { maybeBilled: true } : {}),
  });
}

/** A provider's category as one plain word, `HARM_CATEGORY_HATE_SPEECH` as `hate_speech`; null for anything longer. */
export function reasonWord(text: string): string | null {
  const word = text
    .replace(/^HARM_CATEGORY_/i, "")
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, "_")
    .replaceAll(/^_+|_+$/g, "");
  return word.length > 0 && word.length <= 48 ? word : null;
}
