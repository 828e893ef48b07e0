import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { synthesise } from "./synth.ts";

/**
 * `npm run nightly [-- random schedules]`: plays what is too long for every change: each pair of all faults in each
 * scenario, and random schedules from a seed that is printed. `SIMULATION_SEED` plays a seed again.
 */
const DEFAULT_RUNS = 20_000;

await synthesise();
const [runs = String(DEFAULT_RUNS)] = process.argv.slice(2);
const seed = process.env.SIMULATION_SEED ?? String(randomInt(1, 2 ** 31));
console.log(`Random schedules: ${runs}, from seed ${seed}`);
const child = spawn("vitest", ["run", "--project", "simulation"], {
  stdio: "inherit",
  env: { ...process.env, SIMULATION_DEEP: "1", SIMULATION_RUNS: runs, SIMULATION_SEED: seed },
});
child.once("close", (code) => {
  process.exitCode = code ?? 1;
});
