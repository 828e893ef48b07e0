import { promisify } from "node:util";
import { current } from "./lambda.ts";

const real = promisify(setTimeout);

/**
 * Stands for `node:timers/promises` in simulation tests: the pauses between our own repetitions pass in virtual time,
 * so that a database can be down for an hour. Every such test begins with
 * `vi.mock("node:timers/promises", () => import("./simulation/timers.ts"))`.
 */
const pause = (milliseconds: number): Promise<void> =>
  current()?.gate.clock.sleep(milliseconds / 1_000) ?? real(milliseconds);

/** How long they are is up to the schedule, too: its seed decides about everything. */
const chance = Math.random;
Math.random = () => current()?.gate.random() ?? chance();

export { pause as setTimeout };
export default { setTimeout: pause };
