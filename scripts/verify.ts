import { spawn } from "node:child_process";

/** `npm run verify`: form, types and fences; no services. Every check runs, and those that fail say why. */
const CHECKS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  types: ["tsc", "--noEmit"],
  pages: ["node", "site/scripts/check.ts"],
  form: ["biome", "ci", "--error-on-warnings", "."],
  fences: ["depcruise", "packages", "stacks", "scripts", "site", "tests", "--output-type", "err"],
  "dead code": ["knip"],
  tidy: ["vitest", "run", "--project", "unit", "tests/tidy.test.ts"],
};
const AT_ONCE = 2;

type Result = { name: string; passed: boolean; output: string; seconds: number };

function check(name: string): Promise<Result> {
  const [command, ...args] = CHECKS[name] as readonly [string, ...string[]];
  const started = performance.now();
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const end = (passed: boolean) => ({ name, passed, output, seconds: (performance.now() - started) / 1000 });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      output += error.message;
      resolve(end(false));
    });
    child.once("close", (code) => resolve(end(code === 0)));
  });
}

async function lane(names: string[]): Promise<Result[]> {
  const results: Result[] = [];
  for (let name = names.shift(); name; name = names.shift()) {
    const result = await check(name);
    console.log(`${result.passed ? "ok    " : "FAILED"}  ${name} (${result.seconds.toFixed(1)} s)`);
    if (!result.passed) console.log(result.output.trim().replace(/^/gm, "        "));
    results.push(result);
  }
  return results;
}

const queue = Object.keys(CHECKS);
const results = (await Promise.all(Array.from({ length: AT_ONCE }, () => lane(queue)))).flat();
process.exitCode = results.every(({ passed }) => passed) ? 0 : 1;
