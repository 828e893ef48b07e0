import type { Provider } from "@imgpilot/contract/catalogue";
import type { ProviderErrorKind } from "@imgpilot/contract/errors";
import type { Scripted } from "@imgpilot/simulators/behaviours";

/**
 * One case of `providers.md`, sections 1 to 4 and 6: what the provider does at each call, as which kind of error it is
 * booked, how many calls of it are made, who draws in the end, and what the person reads beside the kind's own words.
 */
export type Row = readonly [
  behaviour: Scripted,
  kind: ProviderErrorKind | null,
  calls: number,
  end: "drawn" | "not charged" | Provider,
  says?: string,
];

/** What a person reads of each kind; of a block it is the row's own. */
export const WORDS: Readonly<Record<ProviderErrorKind, string>> = {
  rate_limited: "has too many requests at the moment",
  overloaded: "is overloaded at the moment",
  timeout: "did not answer in time",
  quota: "is not available to us at the moment",
  auth: "is not available to us at the moment",
  model_gone: "no longer offers this model",
  moderated: "blocked",
  no_image: "answered without an image",
  invalid_input: "could not use this request",
  bad_response: "answered with something that is not an image",
};
