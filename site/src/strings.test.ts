import { describe, expect, test } from "vitest";
import { findProblems, type Strings } from "../build/strings.check.ts";

const plural = (match: Record<string, string>): Strings[string] => [
  { declarations: ["input count", "local plural = count: plural"], match },
];
const en: Strings = {
  hello: "Hello {name}",
  images: plural({ "plural=one": "{count} image", "plural=other": "{count} images" }),
};
const ar: Strings = {
  hello: "مرحبا {name}",
  images: plural({ "plural=*": "{count}" }),
};
const used = new Set(["hello", "images"]);
const problems = (more: Record<string, Strings>, keys = used) => findProblems({ en, ar, ...more }, keys);

test("complete strings are no problem", () => {
  expect(problems({})).toEqual([]);
});

describe("the build stops", () => {
  test("at a string that a language lacks, or has empty", () => {
    const { hello: _, ...without } = ar;
    expect(problems({ ar: without })).toEqual(['messages/ar.json: "hello" is missing']);
    expect(problems({ ar: { ...ar, hello: " " } })).toContain('messages/ar.json: "hello" is empty');
  });

  test("at a string that takes something else than English does", () => {
    expect(problems({ ar: { ...ar, hello: "مرحبا" } })).toEqual([
      'messages/ar.json: "hello" takes (), English takes (name)',
    ]);
  });

  test("at a plural form that the language has and the string has not", () => {
    const images = plural({ "plural=one": "صورة", "plural=other": "{count} صورة" });
    const missing = ["few", "many", "two", "zero"];
    expect(problems({ ar: { ...ar, images } }).sort()).toEqual(
      missing.map((form) => `messages/ar.json: "images" has no variant for "${form}"`),
    );
  });

  test("at a string that nothing uses, and at one that does not exist", () => {
    expect(problems({}, new Set(["hello", "bye"]))).toEqual([
      "the source asks for m.bye, which does not exist",
      'nothing uses "images"',
    ]);
  });

  test("at a string that English does not have", () => {
    expect(problems({ ar: { ...ar, bye: "وداعا" } })).toEqual(['messages/ar.json: "bye" is not in English']);
  });
});
