import { expect, test, vi } from "vitest";
import { explore } from "./simulation/explore.ts";
import { PAIRED } from "./simulation/faults.ts";
import { freshLanes } from "./simulation/lane.ts";
import { DRAWN } from "./simulation/scenarios.ts";

/**
 * Every pair of the faults that differ most in what they leave behind, the second at every place that is reached after
 * the first. Promises are held as in faults.simulation.test.ts.
 */
vi.mock("node:timers/promises", () => import("./simulation/timers.ts"));

const lanes = freshLanes(2);

test("an image that is drawn at once: any two faults, anywhere", async () => {
  const schedules = await explore(lanes, { scenario: DRAWN, depth: 2, faults: PAIRED });
  expect(schedules).toBeGreaterThan(1_000);
});
