import { synthesised } from "@imgpilot/testkit/assembly";
import { type Walk, walk } from "@imgpilot/testkit/state-machine";
import { VirtualClock } from "@imgpilot/testkit/virtual-clock";
import { expect, test } from "vitest";
import {
  ATTEMPT_SECONDS,
  CALL_SECONDS,
  IMAGE_SECONDS,
  LAMBDA_SECONDS,
} from "../packages/core/src/generations/limits.ts";
import { HOLD_SECONDS, START_SECONDS } from "../packages/core/src/runs/limits.ts";
import { STEP_SECONDS, type Step } from "./times.ts";

const { definition, functions } = synthesised();
const machineSeconds = definition.TimeoutSeconds ?? Number.POSITIVE_INFINITY;
const four = { runId: "gen_1-1", generationId: "gen_1", images: [0, 1, 2, 3] };
const failure = () => Promise.reject(Object.assign(new Error("down"), { name: "Error" }));
const TRIES_THEN_FAILURES = 6;
const SETTLE_RETRIES = 20;
/** A step without database finds that out within this time. */
const DOWN_SECONDS = 10;

test("rule 10: a call ends before its Lambda, the Lambda before the attempt is given up, and that before the task", () => {
  const submit = {
    lambda: functions.get("submit-image")?.timeoutSeconds ?? 0,
    task: STEP_SECONDS["submit-image"].task,
  };
  expect(submit.lambda).toBe(LAMBDA_SECONDS);
  const order = [
    CALL_SECONDS,
    submit.lambda,
    ATTEMPT_SECONDS,
    submit.task,
    IMAGE_SECONDS,
    machineSeconds,
    HOLD_SECONDS,
  ];
  expect(order).toEqual([240, 270, 275, 280, 600, 3_600, 5_400]);
  expect(order).toEqual(order.toSorted((a, b) => a - b));
});

test("L15: a run that starts at the last moment ends before its hold expires", () => {
  expect(START_SECONDS + machineSeconds).toBeLessThan(HOLD_SECONDS);
});

test("every step's Lambda ends before its task, so that no task is given up while its Lambda works", () => {
  for (const [step, { lambda, task }] of Object.entries(STEP_SECONDS)) {
    expect(functions.get(step)?.timeoutSeconds).toBe(lambda);
    expect(task, step).toBeGreaterThan(lambda);
  }
});

/** A step that is killed once, then finds everything down as often as it is retried, then takes all of its time. */
function atWorst(clock: VirtualClock, step: Step, answer: () => unknown) {
  const { lambda, task } = STEP_SECONDS[step];
  let tries = 0;
  return async () => {
    tries++;
    if (tries === 1) await clock.sleep(task + 1);
    if (tries <= 1 + TRIES_THEN_FAILURES) {
      await clock.sleep(DOWN_SECONDS);
      await failure();
    }
    await clock.sleep(lambda);
    tries = 0;
    return answer();
  };
}

test("W12: the machine's time is longer than everything that can be tried within it, one after the other", async () => {
  const clock = new VirtualClock();
  const settling = (step: "commit-credits" | "refund-credits", failures: number) => {
    let tries = 0;
    return async () => {
      await clock.sleep(STEP_SECONDS[step].task + 1);
      if (tries++ < failures) await failure();
      return { outcome: "partial" };
    };
  };
  // An image that is called again just before its ten minutes are over, by the longest of calls, and then stored.
  const last = IMAGE_SECONDS - 1;
  let submitted = 0;
  const submit = atWorst(clock, "submit-image", () => ({ verdict: "store", attempt: 1, waitSeconds: 0 }));
  const tasks: Walk["tasks"] = {
    ReserveCredits: atWorst(clock, "reserve-credits", () => ({ verdict: "held" })),
    SubmitImage: async () =>
      submitted++ === 0 ? { verdict: "retry", attempt: 1, waitSeconds: last } : submit(),
    StoreImage: atWorst(clock, "store-image", () => ({ verdict: "done", attempt: 1, waitSeconds: 0 })),
    CommitCredits: settling("commit-credits", Number.POSITIVE_INFINITY),
    RefundCredits: settling("refund-credits", Number.POSITIVE_INFINITY),
  };
  const walked = await walk(definition, { input: { ...four, images: [0] }, tasks, clock });
  expect(walked.path.slice(-2)).toEqual(["CommitCredits", "RefundCredits"]);
  // Settling itself never worked, so it ends as a fault for the nets and not by running out of time.
  expect(walked).toMatchObject({ status: "FAILED", error: { name: "States.Timeout" } });
  expect(walked.seconds).toBeGreaterThan(2_500);
});

test("settling is tried twenty times, at most half a minute apart (rule 10, W9)", () => {
  for (const name of ["CommitCredits", "RefundCredits"])
    expect(definition.States[name]?.Retry).toEqual([
      expect.objectContaining({
        ErrorEquals: ["States.ALL"],
        MaxAttempts: SETTLE_RETRIES,
        MaxDelaySeconds: 30,
        JitterStrategy: "FULL",
      }),
    ]);
});

test.each([0, 1, 2, 3, 6])(
  "four images fit into a history of 25,000 events, asked for every 2 s with %i failures each time (rule 10)",
  async (failures) => {
    const clock = new VirtualClock();
    let polls = 0;
    const PollImage = async () => {
      if (polls++ % (failures + 1) < failures) await failure();
      const isLate = clock.now >= IMAGE_SECONDS;
      return { verdict: isLate ? "failed" : "wait", attempt: 0, waitSeconds: 2 };
    };
    const tasks: Walk["tasks"] = {
      ReserveCredits: async () => ({ verdict: "held" }),
      SubmitImage: async () => ({ verdict: "wait", attempt: 0, waitSeconds: 2 }),
      PollImage,
      RefundCredits: async () => ({ outcome: "failed" }),
    };
    const walked = await walk(definition, { input: four, tasks, clock, random: () => 0.5 });
    expect(walked.path.at(-1)).toBe("GenerationFailed");
    expect(walked.events).toBeGreaterThan(500);
    expect(walked.events).toBeLessThan(25_000);
  },
);
