import { loadavg } from "node:os";
import { CONTENDERS, type Contender } from "./contenders.ts";

/** Pairs a second of each contender, round by round, under one load. */
export type Measured = {
  readonly accounts: number;
  readonly clients: number;
  readonly rounds: readonly Readonly<Record<Contender, number>>[];
};

/** What is compared, and what it should be at least. */
type Ratio = { readonly values: readonly number[]; readonly goal: number };

const NODE_GOAL = 0.6;
const PART_OF_SECTION_7 = 0.95;

/**
 * Pairs of the full form by pairs of the one-row form, from the medians of ledger.md section 7.1 (`full_fn`, `lean_cte`; a
 * pair takes the time of one reserve and one commit), by how many users and clients.
 */
const SECTION_7 = {
  many: { 2: 0.721, 8: 0.717, 16: 0.644 },
  one: { 2: 0.621, 8: 0.731, 16: 1.049 },
} as const;

export const CLIENTS = [2, 8, 16] as const;

export function ratiosOf({
  accounts,
  clients,
  rounds,
}: Measured): Record<"functions" | "node" | "chain", Ratio> {
  const by = (over: Contender, under: Contender) => rounds.map((round) => round[over] / round[under]);
  const known = SECTION_7[accounts === 1 ? "one" : "many"];
  const then = known[CLIENTS.find((n) => n === clients) ?? 8];
  return {
    functions: { values: by("functions", "floor"), goal: then * PART_OF_SECTION_7 },
    node: { values: by("node", "functions"), goal: NODE_GOAL },
    // What the journal's hash chain leaves of the speed without it; no goal is set for it.
    chain: { values: by("functions", "unchained"), goal: 0 },
  };
}

/** Prints pairs a second and their ratios, medians with the lowest and highest round, beside the goals. */
export function printReport(measured: readonly Measured[]): void {
  console.log("\nPairs of reserve and commit a second: median (lowest to highest round)\n");
  row("users", "clients", CONTENDERS.map(heading));
  for (const { accounts, clients, rounds } of measured) {
    const cells = CONTENDERS.map((name) =>
      spread(
        rounds.map((round) => round[name]),
        0,
      ),
    );
    row(users(accounts), String(clients), cells);
  }
  console.log("\nRatios, taken within each round: median (lowest to highest), and the goal\n");
  row("users", "clients", ["functions / one row", "Node / functions", "chained / unchained"]);
  for (const each of measured)
    row(users(each.accounts), String(each.clients), Object.values(ratiosOf(each)).map(judged));
  console.log(
    `\nLoad average of the machine at the end: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(" ")}`,
  );
}

const HEADINGS: Readonly<Record<Contender, string>> = {
  floor: "one row (pgbench)",
  functions: "functions (pgbench)",
  unchained: "without chain (pgbench)",
  node: "our code (one Node)",
};
const heading = (name: Contender) => HEADINGS[name];

const users = (accounts: number) => (accounts === 1 ? "one" : accounts.toLocaleString("en"));

function row(who: string, clients: string, cells: readonly string[]): void {
  console.log(
    `${who.padEnd(8)}${clients.padEnd(9)}${cells.map((cell) => cell.padEnd(32)).join("")}`.trimEnd(),
  );
}

function judged({ values, goal }: Ratio): string {
  const text = spread(values, 2);
  if (goal === 0) return text;
  return `${text} ${median(values) >= goal ? ">=" : "MISSES"} ${goal.toFixed(2)}`;
}

const spread = (values: readonly number[], digits: number) =>
  `${median(values).toFixed(digits)} (${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)})`;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return ((sorted[middle] ?? 0) + (sorted[sorted.length % 2 ? middle : middle - 1] ?? 0)) / 2;
}
