import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = path.resolve(import.meta.dirname, "..");

const astro = path.join(
  path.dirname(fileURLToPath(import.meta.resolve("astro/package.json"))),
  "bin/astro.mjs",
);

/**
 * Runs `astro <command>` in a process of its own, because it changes its working directory and keeps modules of what it
 * builds. Answers what it printed.
 * @throws {Error} with what it printed, when it failed.
 */
export function runAstro(...command: string[]): Promise<string> {
  const child = spawn(process.execPath, [astro, ...command], {
    cwd: root,
    // Whoever calls: a test runner's NODE_ENV would make a development build.
    env: { ...process.env, NODE_ENV: "production", ASTRO_TELEMETRY_DISABLED: "1", NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve(said);
      else reject(new Error(said.trim()));
    });
  });
}

/** Runs what a script is for when it was started by itself, and ends with 1 and the reason where that failed. */
export async function main(work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
