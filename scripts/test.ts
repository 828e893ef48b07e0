import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { synthesise } from "./synth.ts";

/**
 * `npm test [-- what vitest takes]`: sets up what tests need and runs them. The last line is the runner's own total,
 * `N passed, N failed`; a file that could not be run counts as one that failed.
 */
const resultsFile = path.resolve(".local/test-results.json");

type Report = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { status: string; assertionResults: { status: string }[] }[];
};

function runTests(args: readonly string[]): Promise<number> {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${resultsFile}`];
  const child = spawn("vitest", ["run", ...reporters, ...args], { stdio: "inherit" });
  // Ctrl-C reaches vitest by itself; we wait for it to have cleaned up.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

function totals(): { passed: number; failed: number } {
  const { numPassedTests, numFailedTests, testResults }: Report = JSON.parse(
    readFileSync(resultsFile, "utf8"),
  );
  const unrun = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((assertion) => assertion.status === "failed"),
  );
  return { passed: numPassedTests, failed: numFailedTests + unrun.length };
}

try {
  await synthesise();
  mkdirSync(path.dirname(resultsFile), { recursive: true });
  rmSync(resultsFile, { force: true });
  const code = await runTests(process.argv.slice(2));
  const { passed, failed } = totals();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = code === 0 && failed > 0 ? 1 : code;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
