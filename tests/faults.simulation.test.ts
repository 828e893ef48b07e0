import { expect, test, vi } from "vitest";
import { explore } from "./simulation/explore.ts";
import { FAULTS, PAIRED } from "./simulation/faults.ts";
import { freshLanes } from "./simulation/lane.ts";
import { SCENARIOS } from "./simulation/scenarios.ts";

/**
 * The state machine that was synthesised, the real steps and the real SQL verbs, with every fault of ledger.md, section 2, at
 * every place where it can happen: a call that fails before its effect, or after it; that is made twice at once, or lands
 * when all is over; a Lambda that dies, an execution that is stopped, a database that goes away, a person who cancels.
 * After each schedule the books balance, nothing is held or open, what is charged is stored and what is stored is
 * charged, and no provider was paid in silence (L1, L4, L12, L14, L21, W1 to W5, W9, W12).
 */
vi.mock("node:timers/promises", () => import("./simulation/timers.ts"));

const lanes = freshLanes(2);

test.for(SCENARIOS)("$name: any one fault, anywhere", async (scenario, { task }) => {
  const faults = scenario.isClosely || process.env.SIMULATION_DEEP ? FAULTS : PAIRED;
  const schedules = await explore(lanes, { scenario, depth: 1, faults });
  task.meta.schedules = schedules;
  expect(schedules).toBeGreaterThan(40);
});
