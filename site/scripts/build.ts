import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { main, root, runAstro } from "./astro.ts";

const dist = path.join(root, "dist");
const stampFile = path.join(dist, "inputs.sha256");

/** Whatever the site is made of, seen from the site's folder. */
const INPUTS = [
  "*.{ts,json}",
  "{adapter,build,messages,public,scripts,src}/**/*",
  "project.inlang/settings.json",
  "../packages/contract/src/**/*.ts",
  "../pnpm-lock.yaml",
];
const SETTINGS = ["SITE_URL", "OBJECTS_ORIGIN"];

/**
 * Builds the site and answers `site/dist`: `client` is for the bucket, `server/entry.mjs` exports the Lambda's `handler`.
 * Does nothing where it is already made of the same inputs.
 * @throws {Error} with what Astro said, when it could not.
 */
export async function buildSite(log: (line: string) => void = console.log): Promise<string> {
  const inputs = inputsHash();
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === inputs) return dist;
  const started = performance.now();
  rmSync(dist, { recursive: true, force: true });
  const said = await runAstro("build");
  writeFileSync(stampFile, inputs);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const summary = /\d+ pages; .*/.exec(said)?.[0] ?? "no pages";
  log(`Built the site in ${seconds} s: ${summary}`);
  return dist;
}

function inputsHash(): string {
  const hash = createHash("sha256").update(root);
  for (const name of SETTINGS) hash.update(`\0${name}=${process.env[name] ?? ""}`);
  for (const file of inputFiles()) hash.update(`\0${file}\0`).update(readFileSync(path.join(root, file)));
  return hash.digest("hex");
}

/** Compiled strings are made by the build itself; tests are no part of it. */
function inputFiles(): string[] {
  return globSync(INPUTS, { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith(path.join("src", "paraglide")))
    .sort();
}

if (import.meta.main) await main(() => buildSite());
