import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { LEDGER_BUGS } from "./ledger.ts";
import { STEP_BUGS } from "./steps.ts";

const root = new URL("../../", import.meta.url);

test.each([...LEDGER_BUGS, ...STEP_BUGS])("can still be planted: $name", ({ file, from, to }) => {
  const parts = readFileSync(new URL(file, root), "utf8").split(from);
  expect(parts, `${file} is to say this once`).toHaveLength(2);
  expect(to).not.toBe(from);
});
