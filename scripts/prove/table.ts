import type { Invariant } from "./invariants.ts";
import type { TestResult } from "./run-tests.ts";

/** A planted bug, and the titles of the tests that failed for it. */
export type Caught = {
  readonly name: string;
  readonly breaks: readonly string[];
  readonly by: readonly string[];
};

/** Prints what is proved of each invariant, and the sums. */
export function printTable(
  invariants: readonly Invariant[],
  caught: readonly Caught[],
  played: readonly TestResult[],
): void {
  const noticed = caught.filter(({ by }) => by.length > 0);
  console.log("\ninvariant  files that cite it  mistakes noticed");
  for (const { id, words, isInForce, citedBy } of invariants) {
    const mine = noticed.filter(({ breaks }) => breaks.includes(id)).length;
    const said = isInForce ? words : "not in force";
    console.log(
      `${id.padEnd(9)}  ${String(citedBy.length).padStart(18)}  ${String(mine).padStart(16)}  ${said}`,
    );
  }
  const schedules = played.reduce((sum, { meta }) => sum + (meta.schedules ?? 0), 0);
  const uncited = invariants.filter(({ isInForce, citedBy }) => isInForce && citedBy.length === 0);
  console.log(`\n${noticed.length} of ${caught.length} planted mistakes noticed`);
  console.log(`${schedules} schedules of faults played, each of which kept every promise`);
  if (uncited.length > 0) console.log(`Cited by no test: ${uncited.map(({ id }) => id).join(", ")}`);
}
