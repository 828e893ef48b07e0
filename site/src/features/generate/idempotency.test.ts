import { expect, test } from "vitest";
import { createKeyring } from "./idempotency.ts";

const numbered = () => {
  let n = 0;
  return createKeyring(() => `key-${++n}`);
};

test("the same order keeps its key until an answer is final, so that a second press cannot pay twice", () => {
  const keyring = numbered();
  expect([keyring.keyFor({ prompt: "a" }), keyring.keyFor({ prompt: "a" })]).toEqual(["key-1", "key-1"]);
  keyring.isFinal();
  expect(keyring.keyFor({ prompt: "a" })).toBe("key-2");
});

test("another order gets another key", () => {
  const keyring = numbered();
  expect([keyring.keyFor({ prompt: "a" }), keyring.keyFor({ prompt: "b" })]).toEqual(["key-1", "key-2"]);
});
