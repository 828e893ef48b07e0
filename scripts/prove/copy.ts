import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import type { PlantedBug } from "../../tests/planted/bug.ts";

const LEFT_OUT = new Set([".git", ".local", "docs", "coverage"]);

/** A copy of the tree to plant bugs in, and how it is removed. What was installed is shared with the original. */
export function copyTree(root: string): { readonly dir: string; readonly remove: () => void } {
  const dir = mkdtempSync(path.join(os.tmpdir(), "imgpilot-prove-"));
  for (const name of readdirSync(root)) {
    if (LEFT_OUT.has(name) || name === "node_modules") continue;
    cpSync(path.join(root, name), path.join(dir, name), { recursive: true, verbatimSymlinks: true });
  }
  // Links into the store stay links; those to our own packages are relative, and so lead to the copy.
  const installed = path.join(root, "node_modules");
  mkdirSync(path.join(dir, "node_modules"));
  for (const name of readdirSync(installed)) {
    const [from, to] = [path.join(installed, name), path.join(dir, "node_modules", name)];
    if (name === ".pnpm") symlinkSync(from, to);
    else if (!name.startsWith(".") || name === ".bin")
      cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  }
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

/**
 * Plants a bug in a copy; answers how it is taken out.
 * @throws {Error} where its place is not there, or there twice: the code has changed, and the bug must follow it.
 */
export function plant(dir: string, { name, file, from, to }: PlantedBug): () => void {
  const place = path.join(dir, file);
  const text = readFileSync(place, "utf8");
  if (text.split(from).length !== 2) throw new Error(`${name}: ${file} does not say once: ${from}`);
  writeFileSync(
    place,
    text.replace(from, () => to),
  );
  return () => writeFileSync(place, text);
}
