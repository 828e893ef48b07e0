import { expect, test, vi } from "vitest";
import { explore } from "./simulation/explore.ts";
import { FAULTS, PAIRED } from "./simulation/faults.ts";
import { freshLanes } from "./simulation/lane.ts";
import { DRAWN, SCENARIOS } from "./simulation/scenarios.ts";

/**
 * Two faults, the second at every place that is reached after the first and where the first has changed anything.
 * Promises are held as in faults.simulation.test.ts. By `npm run nightly`, every pair of all faults in every scenario.
 */
vi.mock("node:timers/promises", () => import("./simulation/timers.ts"));

const lanes = freshLanes(2);
const isDeep = Boolean(process.env.SIMULATION_DEEP);
const HOURS_MS = 8 * 3_600_000;

test.for(isDeep ? SCENARIOS : [DRAWN])(
  "$name: any two faults, anywhere",
  { timeout: HOURS_MS },
  async (scenario, { task }) => {
    const schedules = await explore(lanes, { scenario, depth: 2, faults: isDeep ? FAULTS : PAIRED });
    task.meta.schedules = schedules;
    expect(schedules).toBeGreaterThan(500);
  },
);
