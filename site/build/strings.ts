import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CompilerOptions, compile } from "@inlang/paraglide-js";
import type { AstroIntegration } from "astro";
import { LOCALES } from "../src/i18n/locales.ts";
import { findProblems, type Strings } from "./strings.check.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const output = `${root}src/paraglide`;
const stamp = `${output}/.sources`;

const OPTIONS: Omit<CompilerOptions, "project" | "outdir"> = {
  outputStructure: "locale-modules",
  strategy: ["globalVariable", "baseLocale"],
  emitReadme: false,
};

const readFiles = () =>
  LOCALES.map((locale) => [locale, readFileSync(`${root}messages/${locale}.json`, "utf8")] as const);

function usedKeys(): Set<string> {
  const sources = globSync("src/**/*.{ts,tsx,astro}", {
    cwd: root,
    exclude: ["src/paraglide/**", "src/**/*.test.{ts,tsx}"],
  });
  const text = sources.map((file) => readFileSync(root + file, "utf8")).join("\n");
  return new Set([...text.matchAll(/\bm\.([a-z]\w*)/g)].map(([, key]) => key ?? ""));
}

/** Refuses to go on while a language lacks a string, then compiles them; does nothing when nothing changed. */
async function prepareStrings(): Promise<void> {
  const files = readFiles();
  const parsed = Object.fromEntries(files.map(([locale, text]) => [locale, JSON.parse(text) as Strings]));
  const problems = findProblems(parsed, usedKeys());
  if (problems.length > 0) throw new Error(`The strings are not complete:\n  ${problems.join("\n  ")}`);

  const hash = createHash("sha256")
    .update(JSON.stringify([OPTIONS, files]))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === hash) return;
  process.chdir(root); // The project file names its plugin relative to the working directory.
  rmSync(output, { recursive: true, force: true });
  await compile({ ...OPTIONS, project: `${root}project.inlang`, outdir: output });
  writeFileSync(stamp, hash);
}

export const strings = (): AstroIntegration => ({
  name: "strings",
  hooks: { "astro:config:setup": prepareStrings },
});
