import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { verifyJournal } from "./verifier.ts";

/** Guards L3, as its outsider: a journal to which anything was done is not believed, and the first wrong row is named. */
type Line = Record<string, unknown>;
const START = "0".repeat(64);
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** Chains rows by the definition in `0001_credits_chain.sql`, written here once more. */
function chained(rows: readonly Line[]): string[] {
  let last = START;
  return rows.map((row) => {
    last = sha256(`${last}\n${JSON.stringify(row)}`);
    return JSON.stringify({ ...row, chain: last });
  });
}

const row = (id: number, kind: string, path: string, amount: number, facts: object = {}): Line => {
  const [from, to] = path.split(" ");
  const at = `2026-01-01T00:00:0${id % 10}.000000Z`;
  const all = { id, account: "acc_1", kind, grant: "grt_1", hold: null, from, to, amount };
  return { ...all, actor: null, meta: null, at, ...facts };
};
const ROWS = [
  row(1, "grant", "outside remaining", 10, { meta: { reason: 'a "fox" \u{1f98a}\n' }, actor: "system" }),
  row(3, "reserve", "remaining held", 6, { hold: "gen_1-1" }),
  row(4, "commit", "held consumed", 4, { hold: "gen_1-1" }),
  row(5, "refund", "held remaining", 2, { hold: "gen_1-1" }),
  row(7, "revoke", "remaining revoked", 6),
  row(8, "owe", "consumed revoked", 4),
  row(9, "grant", "outside remaining", 5, { grant: "grt_2" }),
  row(11, "repay", "remaining consumed", 4, { grant: "grt_2" }),
];
const LINES = chained(ROWS);
const text = (lines: readonly string[]) => `${lines.join("\n")}\n`;
const verdictOf = (lines: readonly string[], known?: string[]) => verifyJournal(text(lines), known);

test("an untouched journal leads to its buckets, balance and chain", async () => {
  const chain = (JSON.parse(LINES.at(-1) ?? "") as { chain: string }).chain;
  expect(await verdictOf(LINES)).toMatchObject({
    ok: true,
    rows: 8,
    chain,
    grants: { grt_1: { amount: 10, remaining: 0, revoked: 10 }, grt_2: { remaining: 1, consumed: 4 } },
    balance: { remaining: 1, held: 0, debt: 0 },
  });
  expect(await verifyJournal("")).toMatchObject({ ok: true, rows: 0, chain: START });
});

describe("L3: the first wrong row is named", () => {
  const edited = (index: number, change: (line: string) => string) =>
    LINES.with(index, change(LINES[index] ?? ""));
  const swapped = [...LINES.slice(0, 2), LINES[3], LINES[2], ...LINES.slice(4)] as string[];
  const forged = chained([...ROWS.slice(0, 3), row(5, "adjust", "remaining revoked", 1)])[3] ?? "";

  test.for<[string, readonly string[], number]>([
    ["a changed amount", edited(2, (line) => line.replace('"amount":4', '"amount":3')), 3],
    ["a changed time", edited(4, (line) => line.replace("00:00:07", "00:00:06")), 5],
    [
      "a changed kind",
      edited(3, (line) => line.replace('"refund"', '"expire"').replace(/held","to/, 'held","to')),
      4,
    ],
    ["a changed reason", edited(0, (line) => line.replace("fox", "cat")), 1],
    ["a changed actor", edited(0, (line) => line.replace('"system"', '"nobody"')), 1],
    ["another grant", edited(6, (line) => line.replace("grt_2", "grt_1")), 7],
    ["another account", edited(1, (line) => line.replace("acc_1", "acc_2")), 2],
    ["a changed chain", edited(5, (line) => line.replace(/"chain":"./, '"chain":"g')), 6],
    ["the first row removed", LINES.slice(1), 1],
    ["a row removed", LINES.toSpliced(3, 1), 4],
    ["two rows swapped", swapped, 3],
    ["a row twice", LINES.toSpliced(3, 0, LINES[2] ?? ""), 4],
    ["a row put in", LINES.toSpliced(3, 0, forged), 5],
    ["an empty line", LINES.toSpliced(2, 0, ""), 3],
    ["a line that is no JSON", LINES.with(1, "{"), 2],
    ["a field more", edited(1, (line) => line.replace("}", ',"x":1}')), 2],
    ["a field twice", edited(1, (line) => line.replace('"amount":6', '"amount":9,"amount":6')), 2],
    ["spaces", edited(1, (line) => line.replace(",", ", ")), 2],
    ["a number in another way", edited(1, (line) => line.replace('"amount":6', '"amount":6.0')), 2],
  ])("%s", async ([, lines, line]) => {
    expect(await verdictOf(lines)).toMatchObject({ ok: false, line });
  });

  test("the last rows removed, by who kept the chain of an earlier download", async () => {
    const { chain } = JSON.parse(LINES.at(-1) ?? "") as { chain: string };
    expect(await verdictOf(LINES.slice(0, 7))).toMatchObject({ ok: true });
    expect(await verdictOf(LINES.slice(0, 7), [chain])).toMatchObject({ ok: false, line: 8, id: null });
    expect(await verdictOf([...LINES, ...[]], [chain])).toMatchObject({ ok: true });
  });
});

describe("L1 L2: a chain that fits is not enough", () => {
  test.for<[string, Line]>([
    ["spends what there is not", row(12, "reserve", "remaining held", 2, { grant: "grt_2" })],
    ["spends of a grant that nobody gave", row(12, "reserve", "remaining held", 1, { grant: "grt_3" })],
    ["moves credits by no way that there is", row(12, "refund", "consumed remaining", 1, { grant: "grt_2" })],
    ["is of no kind that there is", row(12, "constructor", "outside remaining", 1)],
    ["pays what is not owed", row(12, "repay", "remaining consumed", 1, { grant: "grt_2" })],
    ["moves nothing", row(12, "expire", "remaining expired", 0, { grant: "grt_2" })],
    ["moves less than nothing", row(12, "expire", "remaining expired", -1, { grant: "grt_2" })],
    ["moves half a credit", row(12, "expire", "remaining expired", 0.5, { grant: "grt_2" })],
    ["has an earlier number", row(10, "expire", "remaining expired", 1, { grant: "grt_2" })],
  ])("a row that %s is wrong", async ([, wrong]) => {
    const verdict = await verdictOf(chained([...ROWS, wrong]));
    expect(verdict).toMatchObject({ ok: false, line: 9 });
  });
});

test("the verifier is one file that imports nothing, so that anybody can read and run it", () => {
  const source = readFileSync(new URL("./verifier.ts", import.meta.url), "utf8");
  expect(source).not.toMatch(/^\s*import\b|\bimport\(|\brequire\(|\bprocess\b|\bBuffer\b/m);
});
