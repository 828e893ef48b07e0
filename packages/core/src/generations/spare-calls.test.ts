import { expect, test } from "vitest";
import { MAX_ATTEMPTS } from "./limits.ts";
import { FLUX, failedWith, GOOGLE, type RowFacts, situation, VERTEX } from "./verdict.fixture.ts";
import { submitMove } from "./verdict.ts";

/** Guards that retries leave every way to the model its call: one place's outage, or two, do not take a model down. */
const THIRD = { ...VERTEX, upstream: "third" };

/** Who is called, in order, while everybody fails like this. */
function called(kind: "overloaded" | "rate_limited", routes = [GOOGLE, VERTEX, THIRD]): string[] {
  const rows: RowFacts[] = [];
  for (let n = 0; n < MAX_ATTEMPTS + 1; n++) {
    const move = submitMove(situation(rows, routes), n);
    if (move.kind !== "call") break;
    rows.push(failedWith(kind, { route: move.route, ageSeconds: 1 }));
  }
  return rows.map(({ route }) => route?.upstream ?? "");
}

test.each(["overloaded", "rate_limited"] as const)("%s everywhere: all three ways are tried", (kind) => {
  expect(called(kind)).toEqual(["gemini", "gemini", "gemini", "vertex", "vertex", "third"]);
});

test("another model is not worth a retry of the one that was asked for", () => {
  const others = Array.from({ length: 8 }, (_, n) => ({ ...FLUX, upstream: `other ${n}` }));
  expect(called("overloaded", [GOOGLE, ...others]).slice(0, 3)).toEqual(["gemini", "gemini", "gemini"]);
});
