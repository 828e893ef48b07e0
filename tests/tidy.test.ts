import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { REFUSALS } from "@imgpilot/contract/errors";
import ts from "typescript";
import { describe, expect, test } from "vitest";

/** The repository's own rules, for what no other tool sees. Each failure names the file and what to do about it. */
const root = fileURLToPath(new URL("..", import.meta.url));
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file && existsSync(root + file) && !file.endsWith("pnpm-lock.yaml"));
const text = (file: string) => readFileSync(root + file, "utf8");
const code = files.filter((file) => /\.(ts|tsx|mjs|cjs|astro)$/.test(file));
const isTest = (file: string) => /\.test\.tsx?$|^tests\/|^packages\/testkit\//.test(file);
const source = code.filter((file) => !isTest(file));

const FILE_LINES = 200;
const TEST_LINES = 320;
const FUNCTION_LINES = 50;

describe("files", () => {
  test(`no source file is over ${FILE_LINES} lines, no test over ${TEST_LINES}: a newcomer should find one room in it`, () => {
    const lines = (file: string) => text(file).split("\n").length - 1;
    expect(code.filter((file) => lines(file) > (isTest(file) ? TEST_LINES : FILE_LINES))).toEqual([]);
  });

  test(`no function is over ${FUNCTION_LINES} lines`, () => {
    expect(source.filter((file) => !file.endsWith(".astro")).flatMap(longFunctions)).toEqual([]);
  });

  test("nothing is left for later on a path that money or data takes", () => {
    expect(
      code.filter((file) => !file.endsWith("tidy.test.ts") && /\b(TODO|FIXME|HACK|XXX)\b/.test(text(file))),
    ).toEqual([]);
  });

  test("the environment is read at the edges only", () => {
    const edges =
      /^(scripts|stacks|packages\/(localcloud|testkit|simulators)|site\/scripts)\/|runtime\.ts$|\.config\.(ts|mjs)$/;
    expect(source.filter((file) => !edges.test(file) && /process\.env\b/.test(text(file)))).toEqual([]);
  });
});

describe("names", () => {
  test("every refusal of the contract is thrown somewhere, so that none is a promise nobody keeps", () => {
    const thrown = source
      .filter((file) => !file.startsWith("packages/contract/"))
      .map(text)
      .join("\n");
    expect(Object.keys(REFUSALS).filter((refusal) => !thrown.includes(`"${refusal}"`))).toEqual([]);
  });

  test("every module where the handlers live exports `handler`: whether a stack names it is for functions.infra.test.ts", () => {
    const modules = source.filter((file) =>
      /^packages\/functions\/src\/(http|workflow|events|jobs)\/[^/]+\.ts$/.test(file),
    );
    expect(modules.length).toBeGreaterThan(10);
    expect(modules.filter((file) => !/^export const handler\b/m.test(text(file)))).toEqual([]);
  });

  test("every invariant of the ledger and the workflow that is in force is cited by a test", () => {
    const pages = ["packages/core/src/credits/README.md", "packages/core/src/runs/README.md"].map(text);
    const inForce = [...pages.join("\n").matchAll(/^- \*\*([LW]\d+)\*\* (?!\(not in force)/gm)].map(
      (match) => match[1] as string,
    );
    const tests = code.filter(isTest).map(text).join("\n");
    expect(inForce.length).toBe(34);
    expect(inForce.filter((id) => !new RegExp(`\\b${id}\\b`).test(tests))).toEqual([]);
  });
});

/** `file:line name (lines)` of the functions that are too long; tables of tests and schemas are not functions. */
function longFunctions(file: string): string[] {
  const parsed = ts.createSourceFile(file, text(file), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node) => {
    if (ts.isFunctionLike(node) && "body" in node && node.body) {
      const start = parsed.getLineAndCharacterOfPosition(node.getStart()).line;
      const lines = parsed.getLineAndCharacterOfPosition(node.getEnd()).line - start + 1;
      if (lines > FUNCTION_LINES) found.push(`${file}:${start + 1} (${lines} lines)`);
    }
    ts.forEachChild(node, visit);
  };
  visit(parsed);
  return found;
}
