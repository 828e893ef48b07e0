import { spawn } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import path from "node:path";

export type TestResult = {
  readonly file: string;
  readonly title: string;
  readonly isFailed: boolean;
  /** What a test says of itself: how many schedules it played, or which invariants its planted bug breaks. */
  readonly meta: { readonly schedules?: number; readonly breaks?: readonly string[] };
};

type Report = {
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; meta?: TestResult["meta"] }[];
  }[];
};

/**
 * Runs the tests of a tree and answers how each went; a file that cannot be run answers none, so that a bug which only
 * breaks the build does not count as noticed.
 * @throws {Error} with what the runner said where no test ran at all.
 */
export async function runTests(dir: string, args: readonly string[]): Promise<TestResult[]> {
  const report = reportOf(dir);
  rmSync(report, { force: true });
  const runner = path.join(dir, "node_modules/vitest/vitest.mjs");
  const child = spawn(
    process.execPath,
    [runner, "run", "--reporter=json", `--outputFile=${report}`, ...args],
    { cwd: dir, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NO_COLOR: "1" } },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  const results = resultsIn(report, dir).filter(({ isSkipped }) => !isSkipped);
  if (results.length === 0) throw new Error(`No test ran of ${args.join(" ")}:\n${said.slice(-2_000)}`);
  return results;
}

/**
 * The same of a tree that is to be sound.
 * @throws {Error} with what the runner said of a file that could not be run: what is in it was not proved.
 */
export async function runAllTests(dir: string, args: readonly string[]): Promise<TestResult[]> {
  const results = await runTests(dir, args);
  const { testResults }: Report = JSON.parse(readFileSync(reportOf(dir), "utf8"));
  const unrun = testResults.find(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((one) => one.status === "failed"),
  );
  if (unrun) throw new Error(`${unrun.name} could not be run:\n${unrun.message}`);
  return results;
}

const reportOf = (dir: string) => path.join(dir, "node_modules/.prove-report.json");

function resultsIn(report: string, dir: string): (TestResult & { isSkipped: boolean })[] {
  const { testResults }: Report = JSON.parse(readFileSync(report, "utf8"));
  return testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status, meta }) => ({
      file: path.relative(dir, name),
      title: fullName,
      isFailed: status === "failed",
      isSkipped: status !== "failed" && status !== "passed",
      meta: meta ?? {},
    })),
  );
}
