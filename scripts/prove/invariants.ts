import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

export type Invariant = {
  /** L1 to L24, W1 to W12. */
  readonly id: string;
  readonly words: string;
  readonly isInForce: boolean;
  /** Files of tests that cite it. */
  readonly citedBy: readonly string[];
};

/** Where each invariant is written down as `- **id** words`. */
const PAGES = ["packages/core/src/credits/README.md", "packages/core/src/runs/README.md"];

/** The invariants that are written down, each with the tests that cite it. */
export function readInvariants(): Invariant[] {
  const tests = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.test.ts"], {
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => file && existsSync(file))
    .map((file) => ({ file, text: readFileSync(file, "utf8") }));
  return PAGES.flatMap((page) =>
    [...readFileSync(page, "utf8").matchAll(/^- \*\*([LW]\d+)\*\* (.+)$/gm)].map(
      ([, id = "", words = ""]) => ({
        id,
        words: words.replace(/[:;.,]?\s*\S*$/, ""),
        isInForce: !words.startsWith("(not in force"),
        citedBy: tests.filter(({ text }) => cites(text, id)).map(({ file }) => file),
      }),
    ),
  );
}

/** By its number, or within a span: `W1 to W5`. */
function cites(text: string, id: string): boolean {
  if (new RegExp(`\\b${id}\\b`).test(text)) return true;
  const [letter = "", number] = [id[0], Number(id.slice(1))];
  const spans = text.matchAll(new RegExp(`\\b${letter}(\\d+) to ${letter}(\\d+)\\b`, "g"));
  return [...spans].some(([, from, to]) => Number(from) <= number && number <= Number(to));
}
