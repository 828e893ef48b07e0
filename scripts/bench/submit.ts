import { spawnSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { build, type Plugin } from "esbuild";

/** What the submit Lambda pays for the adapters of the providers: goals of the design, and how often it is measured. */
const MAX_ADDED_KB = 40;
const MAX_ADDED_MS = 8;
const ROUNDS = 21;

const ENTRY = "packages/functions/src/workflow/submit-image.ts";

/** Leaves every adapter out, and what nothing but adapters asks for. */
const withoutAdapters: Plugin = {
  name: "without-adapters",
  setup: (build) => {
    build.onResolve({ filter: /^@imgpilot\/providers\// }, ({ path: name }) => ({
      path: name,
      namespace: "none",
    }));
    build.onLoad({ filter: /.*/, namespace: "none" }, () => ({
      contents: "export const loadProvider = null",
    }));
  },
};

async function bundle(root: string, outfile: string, plugins: Plugin[]): Promise<void> {
  await build({
    entryPoints: [path.join(root, ENTRY)],
    outfile,
    plugins,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "node",
    target: "node24",
    external: ["sharp"],
    banner: { js: 'import { createRequire as r } from "module"; const require = r(import.meta.url);' },
    logLevel: "error",
  });
}

/** Milliseconds that one new process takes to load a module, and then all that is asked for by name. */
function loadMs(code: string): number {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    encoding: "utf8",
    env: { ...process.env, POWERTOOLS_LOG_LEVEL: "SILENT", AWS_REGION: "eu-central-1" },
  });
  if (status !== 0) throw new Error(stderr.slice(-2_000));
  return Number(stdout);
}

const importing = (file: string) => `
  const began = performance.now();
  await import(${JSON.stringify(file)});
  process.stdout.write(String(performance.now() - began));`;

const median = (values: number[]) =>
  values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** `npm run bench -- submit`: the same bundle with and without the adapters, in turns, in one run. */
export async function benchSubmit(root: string, dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const [bare, whole] = [path.join(dir, "bare.mjs"), path.join(dir, "whole.mjs")];
  await bundle(root, bare, [withoutAdapters]);
  await bundle(root, whole, []);
  const kb = (statSync(whole).size - statSync(bare).size) / 1_000;
  const took = { bare: [] as number[], whole: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    // Who comes first changes: a machine that slows down would favour one of them.
    const turns = [
      () => took.bare.push(loadMs(importing(bare))),
      () => took.whole.push(loadMs(importing(whole))),
    ];
    for (const measure of round % 2 ? turns : turns.reverse()) measure();
  }
  const ms = median(took.whole) - median(took.bare);
  console.log(`The adapters in the submit Lambda, median of ${ROUNDS} cold loads`);
  console.log(
    `  bundle  +${kb.toFixed(1)} KB minified of ${(statSync(whole).size / 1_000).toFixed(0)} KB (at most ${MAX_ADDED_KB})`,
  );
  console.log(
    `  import  +${ms.toFixed(1)} ms of ${median(took.whole).toFixed(0)} ms (at most ${MAX_ADDED_MS})`,
  );
}
