import { expect, test } from "vitest";
import { formatNumber, shorten } from "./format.ts";

test("numbers keep European digits in every language", () => {
  expect(formatNumber("ar", 12)).toBe("12");
  expect(formatNumber("de", 1234.5)).toBe("1.234,5");
});

test("a shortened text is one line and cuts no sign in two", () => {
  expect(shorten("a fox\n  in snow", 40)).toBe("a fox in snow");
  expect(shorten("a fox in snow", 6)).toBe("a fox…");
  expect(shorten("👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 2)).toBe("👩‍👩‍👧‍👦…");
});
