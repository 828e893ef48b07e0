import { PALETTE_MAX, TAGS_MAX } from "@imgpilot/contract/prompts";
import { describe, expect, test } from "vitest";
import { descriptionShape, PROPOSAL } from "./shapes.ts";

/** Guards that only what was asked for gets through, whatever a model was talked into. */
const SEEN = { prompt: "A red fox", tags: ["fox", "snow"], palette: ["#AA3311", "#ffffff"] };
const { prompt: _, ...TAGGED } = SEEN;

describe("a proposal", () => {
  test("is a prompt and nothing else", () => {
    expect(PROPOSAL.read({ proposal: " a fox " })).toEqual({ proposal: "a fox" });
  });

  test.each([
    null,
    "a fox",
    [],
    {},
    { proposal: "" },
    { proposal: 7 },
    { proposal: ["a fox"] },
    { proposal: "a\0fox" },
    { proposal: "x".repeat(4_001) },
    { proposal: "a fox", system: "free" },
    { prompt: "a fox" },
  ])("is not %j", (json) => expect(PROPOSAL.read(json)).toBeNull());
});

describe("a description", () => {
  const { read } = descriptionShape("general");

  test("has a prompt, tags, and colours that a style sheet can take", () => {
    expect(read(SEEN)).toEqual({ ...SEEN, palette: ["#aa3311", "#ffffff"] });
  });

  test("keeps the first of too many tags and colours, and each once", () => {
    const tags = Array.from({ length: 50 }, (_, i) => `tag ${Math.floor(i / 2)}`);
    const palette = Array.from({ length: 30 }, (_, i) => `#0000${String(i + 10)}`);
    const cut = read({ ...SEEN, tags, palette });
    expect(cut?.tags).toEqual(Array.from({ length: TAGS_MAX }, (_, i) => `tag ${i}`));
    expect(cut?.palette).toHaveLength(PALETTE_MAX);
  });

  test.each([
    [{ ...SEEN, prompt: null }],
    [{ ...SEEN, prompt: "" }],
    [{ ...SEEN, palette: ["red"] }],
    [{ ...SEEN, palette: ["#fff;}body{display:none"] }],
    [{ ...SEEN, palette: "#ffffff" }],
    [{ ...SEEN, tags: [["fox"]] }],
    [{ ...SEEN, tags: ["x".repeat(65)] }],
    [{ ...SEEN, admin: true }],
    [TAGGED],
    [[SEEN]],
    ["A red fox"],
    [null],
  ])("is not %j", (json) => expect(read(json)).toBeNull());
});

test("tags alone have no prompt, and bring none", () => {
  const { read, schema } = descriptionShape("tags-only");
  expect(read(TAGGED)).toMatchObject({ prompt: null, tags: SEEN.tags });
  expect(read(SEEN)).toBeNull();
  expect(schema).toMatchObject({ required: ["tags", "palette"], additionalProperties: false });
});
