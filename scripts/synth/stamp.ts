import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";

/** Whatever the templates and bundles are made of. */
const INPUTS = [
  "sst.config.ts",
  "pnpm-lock.yaml",
  "stacks/**/*.{ts,js}",
  "site/security.ts",
  "site/dist/inputs.sha256",
  "scripts/synth.ts",
  "scripts/synth/*.ts",
  "packages/*/package.json",
  "packages/{contract,core,adapters,providers,functions}/src/**/*",
];

/** A hash of all inputs of a synthesis in `root`. The root belongs to them: bundles are found and loaded by their path. */
export function inputsHash(root: string): string {
  const hash = createHash("sha256").update(root);
  for (const entry of globSync(INPUTS, { cwd: root, withFileTypes: true, exclude: isTest }).sort(byPath)) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    hash.update(`\0${path.relative(root, file)}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

type Entry = { name: string; parentPath: string };
const byPath = (a: Entry, b: Entry) =>
  path.join(a.parentPath, a.name) < path.join(b.parentPath, b.name) ? -1 : 1;
const isTest = ({ name }: Entry) => name === "node_modules" || name.endsWith(".test.ts");
