import path from "node:path";
import type { PlantedBug } from "../tests/planted/bug.ts";
import { LEDGER_BUGS } from "../tests/planted/ledger.ts";
import { STEP_BUGS } from "../tests/planted/steps.ts";
import { copyTree, plant } from "./prove/copy.ts";
import { readInvariants } from "./prove/invariants.ts";
import { runAllTests, runTests, type TestResult } from "./prove/run-tests.ts";
import { type Caught, printTable } from "./prove/table.ts";
import { synthesise } from "./synth.ts";

/**
 * `npm run prove [-- parts of names of bugs]`: plants each known mistake in a copy of the tree, one at a time, and expects a
 * test to fail; then plays the simulation of the tree as it is. Prints a table of the invariants: who tests them, which
 * mistakes were noticed, how many schedules of faults were played. Fails where a mistake was not noticed.
 */
const root = path.resolve(import.meta.dirname, "..");
const SIMULATION = ["--project", "simulation"];
const COPIES = 2;

async function notice(dir: string, bug: PlantedBug): Promise<Caught> {
  const takeOut = plant(dir, bug);
  try {
    const failed = (await runTests(dir, bug.tests)).filter(({ isFailed }) => isFailed);
    return { name: bug.name, breaks: bug.breaks, by: failed.map(({ title }) => title) };
  } finally {
    takeOut();
  }
}

async function plantAll(bugs: readonly PlantedBug[]): Promise<Caught[]> {
  const queue = [...bugs];
  const caught: Caught[] = [];
  const work = async () => {
    const { dir, remove } = copyTree(root);
    try {
      for (let bug = queue.shift(); bug; bug = queue.shift()) {
        const one = await notice(dir, bug);
        caught.push(one);
        console.log(
          `${one.by.length > 0 ? "noticed    " : "NOT NOTICED"}  ${one.breaks.join(", ")}: ${one.name}`,
        );
      }
    } finally {
      remove();
    }
  };
  await Promise.all(Array.from({ length: COPIES }, work));
  return caught;
}

/** The bugs that the simulation plants by itself, in the SQL and the state machine that are deployed. */
const plantedInSimulation = (results: readonly TestResult[]): Caught[] =>
  results
    .filter(({ meta }) => meta.breaks)
    .map(({ meta, title, isFailed }) => ({
      name: title.replace(/^.*is noticed: /, ""),
      breaks: meta.breaks ?? [],
      by: isFailed ? [] : [title],
    }));

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  await synthesise();
  const bugs = [...LEDGER_BUGS, ...STEP_BUGS].filter(
    ({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)),
  );
  const caught = await plantAll(bugs);
  const played = wanted.length > 0 ? [] : await runAllTests(root, SIMULATION);
  const all = [...caught, ...plantedInSimulation(played)];
  printTable(readInvariants(), all, played);
  const isProved = all.every(({ by }) => by.length > 0) && !played.some(({ isFailed }) => isFailed);
  process.exitCode = isProved ? 0 : 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
