import { comparable, walkLocally } from "@imgpilot/testkit/local-engine";
import { expect, test, vi } from "vitest";
import { DEPLOYED } from "./simulation/cloud.ts";
import { explore } from "./simulation/explore.ts";
import { FAULTS } from "./simulation/faults.ts";
import { freshLanes } from "./simulation/lane.ts";
import { PARTIAL } from "./simulation/scenarios.ts";
import type { World } from "./simulation/world.ts";

/**
 * What the simulation says holds for what people run: the engine of the local cloud, told the same by the same steps,
 * goes the same way. (`stacks/workflow.infra.test.ts` compares the two on answers that are made up.)
 */
vi.mock("node:timers/promises", () => import("./simulation/timers.ts"));

const lanes = freshLanes(1);

/** Faults that a step answers or throws; a limit on time and StopExecution are the engine's own. */
const HEARD = FAULTS.filter(({ name }) => /throttled|invocation lost|for 120 s/.test(name));

test("told the same, the local cloud's engine goes the same way as our interpreter, fault by fault", async () => {
  let compared = 0;
  const onPlayed = async (played: { world: World }) => {
    for (const { input, told, walked } of played.world.cloud.executions.values()) {
      if (!walked) throw new Error("it was not walked to its end");
      const left = [...told];
      const next = (step: string) => {
        const [now] = left.splice(
          left.findIndex((one) => one.step === step),
          1,
        );
        return now?.error ? Promise.reject(now.error) : Promise.resolve(now?.answer);
      };
      const tasks = Object.fromEntries(
        ["ReserveCredits", "SubmitImage", "PollImage", "StoreImage", "CommitCredits", "RefundCredits"].map(
          (state) => [
            state,
            (of: { image?: number }) => next(of.image === undefined ? state : `${state}[${of.image}]`),
          ],
        ),
      );
      const theirs = await walkLocally(DEPLOYED, { input, tasks });
      const { status, output, error, path } = walked;
      expect({ status, output, error, path: comparable(path) }).toEqual(theirs);
      compared++;
    }
  };
  await explore(lanes, { scenario: PARTIAL, depth: 1, faults: HEARD, onPlayed });
  expect(compared).toBeGreaterThan(30);
});
