import { expect, test } from "vitest";
import { filterFrom, searchOf } from "./filter.ts";

test("a filter goes into the address and comes back", () => {
  for (const filter of [
    {},
    { model: "nano-banana-2.1" },
    { state: "partial" as const },
    { model: "x", state: "failed" as const },
  ])
    expect(filterFrom(searchOf(filter))).toEqual(filter);
});

test("what no filter can be is left out", () => {
  expect(filterFrom("?state=nonsense&model=%3Cscript%3E&page=2")).toEqual({});
  expect(filterFrom(`?model=${"x".repeat(65)}`)).toEqual({});
});
