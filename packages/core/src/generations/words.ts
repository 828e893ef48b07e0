import type { Provider } from "@imgpilot/contract/catalogue";
import type { ProviderErrorKind } from "@imgpilot/contract/errors";
import type { ImageFailure } from "@imgpilot/contract/generations";
import type { AttemptRow } from "../runs/index.ts";

/** What people call the providers. */
const PROVIDER_NAMES: Readonly<Record<Provider, string>> = {
  google: "Google",
  bfl: "Black Forest Labs",
  openai: "OpenAI",
  xai: "xAI",
  fal: "fal",
  replicate: "Replicate",
};

const nameOf = (provider: string): string => PROVIDER_NAMES[provider as Provider] ?? provider;

type Failed = Pick<AttemptRow, "provider" | "errorKind" | "errorStage" | "errorReason">;

const SENTENCES: Readonly<Record<Exclude<ProviderErrorKind, "moderated">, (who: string) => string>> = {
  rate_limited: (who) => `${who} has too many requests at the moment. Try again in a few minutes.`,
  overloaded: (who) => `${who} is overloaded at the moment. Try again in a few minutes.`,
  timeout: (who) => `${who} did not answer in time. Try again.`,
  quota: (who) => `${who} is not available to us at the moment. Try another model.`,
  auth: (who) => `${who} is not available to us at the moment. Try another model.`,
  model_gone: (who) => `${who} no longer offers this model. Try another model.`,
  no_image: (who) => `${who} answered without an image. Say more plainly what to draw, or try another model.`,
  invalid_input: (who) => `${who} could not use this request. Change the prompt or the references.`,
  bad_response: (who) => `${who} answered with something that is not an image. Try again.`,
};

/** Why an image is not there, for the person who asked for it; it is never charged, and says so. */
export function failureOf(attempt: Failed | undefined): ImageFailure {
  if (!attempt)
    return { code: "run.closed", message: "Not charged: the run ended before this image was drawn." };
  const kind = attempt.errorKind ?? "timeout";
  const who = nameOf(attempt.provider);
  const sentence = kind === "moderated" ? moderation(who, attempt) : SENTENCES[kind](who);
  return { code: `provider.${kind}`, message: `Not charged: ${sentence}` };
}

/** Drawn, but never recorded: the run ended while the image was being stored. */
export const storingFailed = (): ImageFailure => ({
  code: "store.failed",
  message: "Not charged: the image was drawn but could not be stored. Try again.",
});

function moderation(who: string, { errorStage, errorReason }: Failed): string {
  const what = errorStage === "output" ? "the picture" : "this prompt";
  const reason = errorReason && readable(errorReason);
  return `${who} blocked ${what}${reason ? ` (${reason})` : ""}. Edit the prompt or try another model.`;
}

/** A provider's category in plain words: `IMAGE_SAFETY` is `image safety`. Anything longer is not a category. */
function readable(reason: string): string {
  const words = reason.replaceAll(/[_-]+/g, " ").trim().toLowerCase();
  return /^[\p{L}\d ,.:/()]{1,60}$/u.test(words) ? words : "";
}
