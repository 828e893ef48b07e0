/**
 * Every way the platform refuses, and the HTTP status it refuses with. The code is one word in the HTTP body, the
 * logs, the workflow and the studio. Nothing may answer with a code that is not listed here.
 */
export const REFUSALS = {
  "request.invalid": [400, "The request is not valid"],
  "request.malformed": [400, "The body is not JSON"],
  "request.too_large": [413, "The body is too large"],
  "request.unsupported": [415, "The body must be application/json"],
  "key.missing": [400, "An Idempotency-Key header is needed"],
  "key.reused": [409, "The Idempotency-Key was used for another request"],
  "session.missing": [401, "Sign in first"],
  "session.expired": [401, "The sign-in has expired"],
  "sign_in.invalid": [401, "The link or code is wrong, used or expired"],
  "age.unconfirmed": [403, "Confirm your age to open an account"],
  "origin.refused": [403, "The request comes from another site"],
  "credits.insufficient": [402, "Not enough credits"],
  "price.changed": [409, "The price is higher than agreed"],
  "model.unknown": [400, "There is no such model"],
  "model.unable": [400, "The model cannot do this"],
  "reference.missing": [400, "A reference image is missing"],
  "reference.invalid": [400, "A reference is not a usable image"],
  "prompt.blocked": [422, "The prompt or the picture was blocked"],
  "image.unfetchable": [422, "The picture cannot be fetched from its address"],
  "generation.missing": [404, "There is no such generation"],
  "image.missing": [404, "There is no such image"],
  "image.done": [409, "The image is there already"],
  "image.running": [409, "The image is still being drawn"],
  "share.missing": [404, "There is no such page"],
  "share.gone": [410, "The page was taken away"],
  "draft.missing": [404, "There is no such draft, or its hour is over"],
  "route.missing": [404, "There is nothing at this address"],
  "method.refused": [405, "The address does not take this method"],
  "rate.limited": [429, "Too many requests"],
  "service.unavailable": [503, "A part that is needed is down"],
  internal: [500, "Something broke on our side"],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type RefusalCode = keyof typeof REFUSALS;

/** The error vocabulary of the providers: one word for retry rules, receipts, logs and people (`providers.md` 6). */
export const PROVIDER_ERRORS = [
  "rate_limited",
  "overloaded",
  "timeout",
  "quota",
  "auth",
  "model_gone",
  "moderated",
  "no_image",
  "invalid_input",
  "bad_response",
] as const;
export type ProviderErrorKind = (typeof PROVIDER_ERRORS)[number];
