import type { IFunction } from "aws-cdk-lib/aws-lambda";
import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  JitterType,
  JsonPath,
  Map as MapState,
  Pass,
  Result,
  type RetryProps,
  Succeed,
  TaskInput,
  Timeout,
  Wait,
  WaitTime,
} from "aws-cdk-lib/aws-stepfunctions";
import { LambdaInvoke } from "aws-cdk-lib/aws-stepfunctions-tasks";
import { Duration } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { STEP_SECONDS, type Step } from "./times.ts";

/** At most this many images in a run (contract's `MAX_IMAGES`), all drawn at once. */
const IMAGES = [0, 1, 2, 3] as const;

/** A step whose Lambda was killed: out of time, out of memory, or lost. It may have had its effect. */
const KILLED = ["States.Timeout", "Sandbox.Timedout", "Lambda.Unknown", "Runtime.ExitError"];

const jittered = (retry: RetryProps): RetryProps => ({ ...retry, jitterStrategy: JitterType.FULL });

/**
 * Retries are for infrastructure alone: a step answers what a provider said, it does not throw it. Any error may be
 * retried since every step is idempotent: SubmitImage finds the row of its attempt and calls nobody twice (rule 5). A
 * killed step took its whole time already, so it gets one more try; the others failed at once and can wait out a
 * minute without database.
 */
const INFRASTRUCTURE = [
  jittered({ errors: KILLED, maxAttempts: 1, interval: Duration.seconds(2), backoffRate: 1 }),
  jittered({ maxAttempts: 6, interval: Duration.seconds(2), backoffRate: 2, maxDelay: Duration.seconds(20) }),
];

/** Settling is tried longer than anything else (W9). */
const PATIENT = [
  jittered({
    maxAttempts: 20,
    interval: Duration.seconds(1),
    backoffRate: 2,
    maxDelay: Duration.seconds(30),
  }),
];

/**
 * What has a run drawn, and paid for or refunded.
 *
 *     ReserveCredits ─▶ Reserved ─ held ─▶ DrawImages ─▶ AnyStored ─▶ CommitCredits ─▶ Outcome ─▶ GenerationSucceeded
 *           │              │ refused           │             │ none         │             ├────▶ GenerationRefused
 *           └── any error ─┴───────────────────┴─────────────┴──────────────┴▶ RefundCredits ─▶ Outcome
 *                                                                                         └────▶ GenerationFailed
 *
 * Even ReserveCredits is caught: an error does not say whether it took effect, and refunding is safe either way. Which of
 * CommitCredits and RefundCredits is reached decides nothing: both settle by the images recorded (rule 2), which is why
 * both end in Outcome. RefundCredits alone has no Catch: where even that fails the execution fails in it, the nets
 * settle, and it can be redriven from there.
 */
export function generation(scope: Construct, lambdaOf: (step: Step) => IFunction): IChainable {
  const outcome = new Choice(scope, "Outcome")
    .when(settledAs("succeeded", "partial"), new Succeed(scope, "GenerationSucceeded"))
    .when(settledAs("refused", "cancelled"), new Succeed(scope, "GenerationRefused"))
    .otherwise(
      new Fail(scope, "GenerationFailed", {
        error: "generation.failed",
        cause: "No image could be made; the credits were returned.",
      }),
    );
  const run = TaskInput.fromObject({ runId: JsonPath.stringAt("$.runId") });
  const task = (state: string, step: Step, resultPath: string, retries: RetryProps[]) =>
    invoke(scope, { state, step, lambdaFunction: lambdaOf(step), payload: run, resultPath }, retries);

  const refund = task("RefundCredits", "refund-credits", "$.settled", PATIENT);
  refund.next(outcome);
  const onError = { resultPath: "$.error" };
  const commit = task("CommitCredits", "commit-credits", "$.settled", PATIENT).addCatch(refund, onError);
  commit.next(outcome);

  const anyStored = new Choice(scope, "AnyStored")
    .when(Condition.or(...IMAGES.map(isStored)), commit)
    .otherwise(refund);
  const draw = drawImages(scope, lambdaOf).addCatch(refund, onError);
  draw.next(anyStored);

  const reserve = task("ReserveCredits", "reserve-credits", "$.reserved", INFRASTRUCTURE);
  reserve.addCatch(refund, onError);
  reserve.next(
    new Choice(scope, "Reserved")
      .when(Condition.stringEquals("$.reserved.verdict", "held"), draw)
      .otherwise(refund),
  );
  return reserve;
}

/**
 * Each image on its own, `{ runId, image, outcome, answer }`: `answer` is what the last step said, and the outcome is
 * `failed` until a step said that the image is stored.
 *
 *     SubmitImage ─▶ Verdict ─ store ────▶ StoreImage ─▶ Verdict
 *       ▲               ├─ wait ─────▶ AwaitProvider ─▶ PollImage ─▶ Verdict
 *       ├── BackOff ◀───┼─ retry
 *       ├── FallBack ◀──┼─ fallback
 *                       ├─ done ─────▶ ImageStored ─▶ ImageDone
 *                       └─ failed ───▶ ImageDone ◀─ any error
 *
 * The steps bound the loops: six attempts and ten minutes an image, then they answer `failed`. An image that fails never
 * fails its siblings.
 */
function drawImages(scope: Construct, lambdaOf: (step: Step) => IFunction): MapState {
  const done = new Pass(scope, "ImageDone", {
    parameters: { image: JsonPath.numberAt("$.image"), outcome: JsonPath.stringAt("$.outcome") },
  });
  const task = (state: string, step: Step) => {
    const call = { state, step, lambdaFunction: lambdaOf(step), payload: imageStep, resultPath: "$.answer" };
    return invoke(scope, call, INFRASTRUCTURE).addCatch(done, { resultPath: "$.error" });
  };
  const submit = task("SubmitImage", "submit-image");
  const poll = task("PollImage", "poll-image");
  const store = task("StoreImage", "store-image");
  const wait = (state: string) =>
    new Wait(scope, state, { time: WaitTime.secondsPath("$.answer.waitSeconds") });

  const verdict = new Choice(scope, "Verdict")
    .when(answers("store"), store)
    .when(answers("wait"), wait("AwaitProvider").next(poll))
    .when(answers("retry"), wait("BackOff").next(submit))
    .when(answers("fallback"), new Pass(scope, "FallBack").next(submit))
    .when(
      answers("done"),
      new Pass(scope, "ImageStored", { result: Result.fromString("stored"), resultPath: "$.outcome" }).next(
        done,
      ),
    )
    .otherwise(done);
  for (const step of [submit, poll, store]) step.next(verdict);

  return new MapState(scope, "DrawImages", {
    itemsPath: "$.images",
    maxConcurrency: IMAGES.length,
    itemSelector: {
      runId: JsonPath.stringAt("$.runId"),
      image: JsonPath.numberAt("$$.Map.Item.Value"),
      outcome: "failed",
      answer: { attempt: 0 },
    },
    resultPath: "$.drawn",
  }).itemProcessor(submit);
}

type Call = { state: string; step: Step; lambdaFunction: IFunction; payload: TaskInput; resultPath: string };

function invoke(scope: Construct, { state, step, ...call }: Call, retries: RetryProps[]): LambdaInvoke {
  const task = new LambdaInvoke(scope, state, {
    ...call,
    payloadResponseOnly: true,
    retryOnServiceExceptions: false,
    taskTimeout: Timeout.duration(Duration.seconds(STEP_SECONDS[step].task)),
  });
  for (const retry of retries) task.addRetry(retry);
  return task;
}

/** `ImageStepInput` of core's runs: ids and the number of the attempt, no content (W7). */
const imageStep = TaskInput.fromObject({
  runId: JsonPath.stringAt("$.runId"),
  image: JsonPath.numberAt("$.image"),
  attempt: JsonPath.numberAt("$.answer.attempt"),
});

const answers = (verdict: string) => Condition.stringEquals("$.answer.verdict", verdict);

const settledAs = (...outcomes: string[]) =>
  Condition.or(...outcomes.map((outcome) => Condition.stringEquals("$.settled.outcome", outcome)));

const isStored = (n: number) =>
  Condition.and(
    Condition.isPresent(`$.drawn[${n}]`),
    Condition.stringEquals(`$.drawn[${n}].outcome`, "stored"),
  );
