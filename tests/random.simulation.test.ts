import { expect, test, vi } from "vitest";
import { audit } from "./simulation/books.ts";
import { freshLanes } from "./simulation/lane.ts";
import { playAtRandom } from "./simulation/random.ts";

/**
 * Longer schedules than can be enumerated: several orders, many faults, any order of what happens at once. A seed that
 * breaks a promise is named and breaks it again. More of them, from elsewhere: SIMULATION_RUNS and SIMULATION_SEED.
 */
vi.mock("node:timers/promises", () => import("./simulation/timers.ts"));

const RUNS = Number(process.env.SIMULATION_RUNS ?? 150);
const FIRST_SEED = Number(process.env.SIMULATION_SEED ?? 1);
const AUDIT_EVERY = 20;

const lanes = freshLanes(2);

test(`seeds ${FIRST_SEED} to ${FIRST_SEED + RUNS - 1} keep every promise`, {
  timeout: RUNS * 10_000,
}, async ({ task }) => {
  task.meta.schedules = RUNS;
  const seeds = Array.from({ length: RUNS }, (_, n) => FIRST_SEED + n).reverse();
  await Promise.all(
    lanes.map(async (lane) => {
      for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
        expect(await playAtRandom(lane, seed)).toEqual([]);
        if (seed % AUDIT_EVERY > 0 && seeds.length > 0) continue;
        expect([...(await audit(lane)), ...(await lane.objectsInTheEnd())], `after seed ${seed}`).toEqual([]);
        await lane.wipe();
      }
    }),
  );
});
