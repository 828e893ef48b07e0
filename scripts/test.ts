import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { findBrowser } from "./browser.ts";
import { synthesise } from "./synth.ts";

/**
 * `npm test [-- what vitest takes]`: sets up what tests need and runs them. The last line is the runner's own total,
 * `N passed, N failed`; a file that could not be run counts as one that failed.
 */
const localDir = path.resolve(".local");

/** Run side by side: the second lane mostly waits for a platform, one file after the other. */
const LANES = [
  ["unit", "infra", "service", "simulation"],
  ["cloud", "browser"],
] as const;

type Totals = { passed: number; failed: number };
type Report = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
};

/** Runs vitest, and prints what it said once it has ended, or at once where it has the screen for itself. */
async function runTests(name: string, args: readonly string[], atOnce: boolean): Promise<Totals> {
  const file = path.join(localDir, `test-results-${name}.json`);
  rmSync(file, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
  const stdio = atOnce ? ("inherit" as const) : (["ignore", "pipe", "pipe"] as const);
  const child = spawn("vitest", ["run", ...reporters, ...args], { stdio: stdio as "inherit" });
  // Ctrl-C reaches vitest by itself; we wait for it to have cleaned up.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding("utf8").on("data", (text: string) => (said += text));
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  process.stdout.write(said);
  return totalsOf(file, code);
}

function totalsOf(file: string, code: number): Totals {
  const { numPassedTests, numFailedTests, testResults }: Report = JSON.parse(readFileSync(file, "utf8"));
  const unrun = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((assertion) => assertion.status === "failed"),
  );
  const failed = numFailedTests + unrun.length;
  // An error outside of any test fails the run, and so counts.
  return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}

async function main(): Promise<void> {
  process.env.CHROMIUM_PATH = findBrowser();
  await synthesise();
  mkdirSync(localDir, { recursive: true });
  const args = process.argv.slice(2);
  const runs =
    args.length > 0
      ? [runTests("chosen", args, true)]
      : LANES.map((projects, lane) =>
          runTests(
            projects[0],
            projects.flatMap((project) => ["--project", project]),
            lane === 0,
          ),
        );
  const totals = await Promise.all(runs);
  const sum = (key: keyof Totals) => totals.reduce((all, one) => all + one[key], 0);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  process.exitCode = sum("failed") > 0 ? 1 : 0;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
