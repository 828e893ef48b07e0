import path from "node:path";
import { parseArgs } from "node:util";
import { benchLedger } from "./bench/ledger/index.ts";
import { benchSubmit } from "./bench/submit.ts";

/**
 * `npm run bench -- ledger [--quick] | submit`: measures, on this machine, what the ledger's speed is made of, or what the
 * adapters add to the submit Lambda, and says which goals are met. It fails where the books do not balance afterwards,
 * never for being slow: see scripts/bench/ledger/README.md.
 */
const USAGE = "Usage: npm run bench -- ledger [--quick] | submit";
const ROOT = path.resolve(import.meta.dirname, "..");
const FOLDER = path.join(ROOT, ".local/bench");

async function ledger(isQuick: boolean): Promise<boolean> {
  const findings = await benchLedger(FOLDER, isQuick);
  if (findings.length === 0) console.log("The books balance.");
  else console.error(`\nThe books do not balance:\n${findings.slice(0, 20).join("\n")}`);
  return findings.length === 0;
}

function read(): (() => Promise<boolean>) | undefined {
  try {
    const options = { quick: { type: "boolean", default: false } } as const;
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if (positionals.join() === "ledger") return () => ledger(values.quick);
    if (positionals.join() === "submit")
      return () => benchSubmit(ROOT, path.join(FOLDER, "submit")).then(() => true);
  } catch {}
  return undefined;
}

const measure = read();
if (!measure) console.error(USAGE);
process.exitCode = measure ? Number(!(await measure())) : 2;
