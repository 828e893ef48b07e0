import { PROVIDER_ERRORS, type ProviderErrorKind } from "@imgpilot/contract/errors";
import { expect, test } from "vitest";
import { ProviderError } from "../generations/provider.ts";
import type { Outcome } from "./gate.ts";
import { outcomeOf } from "./outcome.ts";

/** Guards B2: what cools a route, and that a block, a refused request and an empty answer never do. */
const OUTCOMES: Readonly<Record<ProviderErrorKind, Outcome>> = {
  rate_limited: { kind: "out", seconds: 5 },
  quota: { kind: "out", seconds: 600 },
  auth: { kind: "out", seconds: 600 },
  model_gone: { kind: "out", seconds: 600 },
  overloaded: { kind: "failed" },
  timeout: { kind: "failed" },
  bad_response: { kind: "failed" },
  moderated: { kind: "answered" },
  invalid_input: { kind: "answered" },
  no_image: { kind: "answered" },
};

test.each(PROVIDER_ERRORS)("%s", (kind) => {
  expect(outcomeOf(new ProviderError(kind, "words"))).toEqual(OUTCOMES[kind]);
});

test.each([
  [12, 12],
  [0, 1],
  [3_000, 600],
])("a rate limit of %i s is kept to for %i", (retryAfterSeconds, seconds) => {
  const error = new ProviderError("rate_limited", "words", { retryAfterSeconds });
  expect(outcomeOf(error)).toEqual({ kind: "out", seconds });
});

test("a fault of ours is none of the provider's", () => {
  expect(outcomeOf(new TypeError("undefined is not a function"))).toEqual({ kind: "none" });
});
