import { PROVIDER_ERRORS } from "@imgpilot/contract/errors";
import { describe, expect, test } from "vitest";
import { failureOf, storingFailed } from "./words.ts";

const failure = (errorKind: (typeof PROVIDER_ERRORS)[number], facts: object = {}) =>
  failureOf({ provider: "google", errorKind, errorStage: null, errorReason: null, ...facts });

describe("why an image is not there, in words", () => {
  test("a blocked prompt says by whom, why, and what to do", () => {
    expect(failure("moderated", { errorStage: "input", errorReason: "violence" })).toEqual({
      code: "provider.moderated",
      message: "Not charged: Google blocked this prompt (violence). Edit the prompt or try another model.",
    });
  });

  test("a blocked picture is not blamed on the prompt", () => {
    expect(failure("moderated", { errorStage: "output", errorReason: "IMAGE_SAFETY" }).message).toContain(
      "Google blocked the picture (image safety).",
    );
  });

  test("what is no category is not shown: it could be anything that a provider wrote", () => {
    const told = failure("moderated", { errorReason: "<script>alert(1)</script>" }).message;
    expect(told).toContain("Google blocked this prompt. ");
  });

  test.each(PROVIDER_ERRORS)("%s says that nothing was charged, and is a sentence", (kind) => {
    const { code, message } = failure(kind);
    expect(code).toBe(`provider.${kind}`);
    expect(message).toMatch(/^Not charged: Google .+\.$/);
  });

  test("an image that nobody was called for, and one that could not be stored, are not charged either", () => {
    for (const { message } of [failureOf(undefined), storingFailed()])
      expect(message).toMatch(/^Not charged: /);
  });
});
