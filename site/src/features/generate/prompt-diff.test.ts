import fc from "fast-check";
import { expect, test } from "vitest";
import { changesOf } from "./prompt-diff.ts";

const shown = (prompt: string, proposal: string, language = "en") =>
  changesOf(prompt, proposal, language)
    .map(({ kind, text }) => ({ kept: text, gone: `[-${text}]`, new: `[+${text}]` })[kind])
    .join("");

test("a person sees which words are new, which are gone, and which stay theirs", () => {
  expect(shown("a red fox", "a red fox in snow")).toBe("a red fox[+ in snow]");
  expect(shown("a red fox", "a grey fox")).toMatch(/^a (\[-red\]\[\+grey\]|\[\+grey\]\[-red\]) fox$/);
});

test("words are words in languages that put no spaces between them", () => {
  expect(shown("一只狐狸在雪地里", "一只狐狸在森林里", "zh")).toContain("一只");
  expect(changesOf("一只狐狸在雪地里", "一只狐狸在森林里", "zh").length).toBeGreaterThan(2);
});

test("what is kept and new is the proposal to the letter, what is kept and gone the prompt", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (prompt, proposal) => {
      const changes = changesOf(prompt, proposal, "en");
      const without = (kind: string) =>
        changes.map((change) => (change.kind === kind ? "" : change.text)).join("");
      expect(without("gone")).toBe(proposal);
      expect(without("new")).toBe(prompt);
    }),
  );
});
