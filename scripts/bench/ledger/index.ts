import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import path from "node:path";
import { ACCOUNTS, openBooks } from "./books.ts";
import { CONTENDERS, type Contender, type Runner, runners } from "./contenders.ts";
import { findPgbench } from "./pgbench.ts";
import { CLIENTS, type Measured, printReport, ratiosOf } from "./report.ts";

const FULL = { rounds: 5, seconds: 3 };
const QUICK = { rounds: 2, seconds: 1 };

/**
 * Measures reserve and commit: by our code in one Node process, by pgbench calling the same functions, by those without the
 * journal's hash chain, and by what can do least. Everybody takes turns, under each load and in each round, so that
 * whatever else the machine does meets all of them.
 * @returns what does not balance afterwards: nothing, or the figures are worth nothing.
 */
export async function benchLedger(folder: string, isQuick: boolean): Promise<string[]> {
  const { rounds, seconds } = isQuick ? QUICK : FULL;
  const program = findPgbench();
  mkdirSync(folder, { recursive: true });
  const minutes = Math.ceil((2 * CLIENTS.length * CONTENDERS.length * rounds * (seconds + 0.3) + 45) / 60);
  console.log(`Making books of ${ACCOUNTS} accounts; all of it takes about ${minutes} min ...`);
  const books = await openBooks(folder);
  try {
    const run = runners(books, program, path.join(folder, "scripts"));
    // Plans are made once the tables are not empty, and known by how much.
    for (const name of CONTENDERS)
      await run[name]({ accounts: ACCOUNTS, clients: 8, seconds: 1, tag: `warm-${name}` });
    await books.analyse();
    const started = loadavg();
    const measured = await measure(run, rounds, seconds);
    printReport(measured);
    const findings = await books.audit();
    const { version } = books;
    const machine = { cores: availableParallelism(), loadBefore: started, loadAfter: loadavg(), version };
    write(folder, { machine, rounds, seconds, findings, measured });
    return findings;
  } finally {
    await books.remove();
  }
}

async function measure(run: Record<Contender, Runner>, rounds: number, seconds: number): Promise<Measured[]> {
  const loads = [ACCOUNTS, 1].flatMap((accounts) => CLIENTS.map((clients) => ({ accounts, clients })));
  const measured = loads.map((load) => ({ ...load, rounds: [] as Record<Contender, number>[] }));
  for (let round = 0; round < rounds; round++) {
    console.log(`Round ${round + 1} of ${rounds} ...`);
    for (const { accounts, clients, rounds: done } of measured) {
      const pairs = { floor: 0, functions: 0, unchained: 0, node: 0 };
      for (const name of turned(CONTENDERS, round))
        pairs[name] = await run[name]({
          accounts,
          clients,
          seconds,
          tag: `${round}-${accounts}-${clients}-${name}`,
        });
      done.push(pairs);
    }
  }
  return measured;
}

/** Another goes first in each round. */
const turned = <T>(all: readonly T[], by: number): T[] => [
  ...all.slice(by % all.length),
  ...all.slice(0, by % all.length),
];

function write<Result extends { measured: readonly Measured[] }>(folder: string, result: Result): void {
  const file = path.join(folder, `ledger-${new Date().toISOString().replaceAll(":", "-")}.json`);
  const measured = result.measured.map((each) => ({ ...each, ratios: ratiosOf(each) }));
  writeFileSync(file, `${JSON.stringify({ ...result, measured }, null, 2)}\n`);
  console.log(`Written to ${path.relative(process.cwd(), file)}`);
}
