import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Verdict, verifyJournal } from "@imgpilot/contract/verifier";

const USAGE = `Usage: imgpilot-verifier [--known <chain>]... [file]...

Checks a journal as GET /api/credits/entries?format=jsonl answers it: that no row was changed, taken out, put in or moved,
and what balance the rows lead to. Files are the parts of one download, in order; without any, or for "-", it is read
from the standard input. --known takes the last chain of an earlier check: that row must still be there.

Exit code: 0 every row is right, 1 the first wrong row is named, 2 there is no journal to check.`;

const OPTIONS = {
  known: { type: "string", multiple: true, default: [] as string[] },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Something that was a row once: text without any is no journal, and no journal is not a right one. */
const ROW = /^\{.*"chain":/m;

/** Says what it found and answers the exit code. */
async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  if (values.help) return say(USAGE, 0);
  const text = (positionals.length > 0 ? positionals : ["-"]).map(read).join("");
  if (!ROW.test(text)) return complain("There is no row of a journal in it", 2);
  const verdict = await verifyJournal(text, values.known);
  return verdict.ok ? say(right(verdict), 0) : complain(wrong(verdict), 1);
}

const read = (file: string): string => readFileSync(file === "-" ? 0 : file, "utf8");

function right({ rows, balance, chain }: Verdict & { ok: true }): string {
  const { remaining, held, debt } = balance;
  return `${rows} rows, each as it was written and in its place
remaining ${remaining}, held ${held}, owed ${debt}
chain ${chain}`;
}

const wrong = ({ line, id, problem }: Verdict & { ok: false }): string =>
  `Line ${line}${id === null ? "" : ` (row ${id})`} ${problem}`;

function say(words: string, code: number): number {
  console.log(words);
  return code;
}

function complain(words: string, code: number): number {
  console.error(words);
  return code;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: Error) => {
    process.exitCode = complain(`${error.message}\n\n${USAGE}`, 2);
  },
);
