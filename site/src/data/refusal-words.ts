import { ApiError } from "@imgpilot/contract/client";
import { m } from "#strings";

const WORDS: Readonly<Record<string, () => string>> = {
  "credits.insufficient": () => m.refused_credits(),
  "price.changed": () => m.refused_price(),
  "sign_in.invalid": () => m.refused_code(),
  "session.missing": () => m.refused_session(),
  "session.expired": () => m.refused_session(),
  "model.unknown": () => m.refused_model(),
  "model.unable": () => m.refused_unable(),
  "reference.missing": () => m.refused_reference(),
  "reference.invalid": () => m.refused_reference(),
  "prompt.blocked": () => m.refused_blocked(),
  "generation.missing": () => m.refused_missing(),
  "image.missing": () => m.refused_missing(),
  "image.done": () => m.refused_image_done(),
  "image.running": () => m.refused_image_running(),
  "key.reused": () => m.refused_again(),
  "rate.limited": () => m.refused_often(),
  "service.unavailable": () => m.refused_down(),
};

/** Why something did not happen, in words for the person. What the API says in English is kept for bad input alone. */
export function refusalWords(error: unknown): string {
  if (!(error instanceof ApiError)) return navigator.onLine ? m.refused_network() : m.offline();
  if (error.status === 429 && error.retryAfterSeconds)
    return m.refused_often_wait({ count: error.retryAfterSeconds });
  const words = WORDS[error.code];
  if (words) return words();
  if (error.status === 401) return m.refused_session();
  const first = error.problem?.errors?.[0];
  if (error.status === 400 && first) return m.refused_input({ detail: `${first.path}: ${first.message}` });
  return m.refused_ours();
}
