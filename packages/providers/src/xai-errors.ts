import type { ProviderError } from "@imgpilot/core/generations/provider";
import * as z from "zod/mini";
import { type Call, moderationError, providerError, reasonWord, statusError } from "./errors.ts";
import { retryAfterOf } from "./retry-after.ts";
import { jsonOf, type Reply } from "./wire.ts";

const text = z.catch(z.nullish(z.string()), null);
/** Two kinds of body are about: OpenAI's, and `{ "code": "…", "error": "text" }`. */
const Nested = z.object({ error: z.object({ message: text, type: text, code: text }) });
const Flat = z.object({ code: text, error: z.string() });

function toldOf(reply: Reply): { message: string; code: string } {
  const body = jsonOf(reply);
  const nested = Nested.safeParse(body);
  if (nested.success) {
    const { message, type, code } = nested.data.error;
    return { message: message ?? "", code: code ?? type ?? "" };
  }
  const flat = Flat.safeParse(body);
  return { message: flat.data?.error ?? "", code: flat.data?.code ?? "" };
}

/**
 * What a reply other than 200 means. Several cases share the status 400 and are told apart by their words alone. xAI
 * charges a fee for prompts against its guidelines (docs.x.ai, pricing), and says nothing of what it broke off (500).
 */
export function httpError(call: Call, reply: Reply): ProviderError {
  const { message, code } = toldOf(reply);
  const { status } = reply;
  const reason = reasonWord(code);
  const retryAfterSeconds = retryAfterOf(reply.headers);
  if (status === 400 && /\bAPI key\b/i.test(message))
    return providerError(call, "auth", { reason: "api_key_invalid" });
  if (
    (status === 400 || status === 403) &&
    /moderat|usage guidelines|content polic/i.test(`${code} ${message}`)
  )
    return moderationError(call, null, { reason: null, maybeBilled: true });
  if ((status === 403 || status === 429) && /\bcredits\b|spending limit|licen[cs]es?\b/i.test(message))
    return providerError(call, "quota", { reason, retryAfterSeconds });
  return statusError(call, status, {
    reason,
    retryAfterSeconds,
    ...(status === 500 ? { maybeBilled: true } : {}),
  });
}
