import { expect, test } from "vitest";
import { comparable, walkLocally } from "./local-engine.ts";
import { type Definition, execute, walk } from "./state-machine.ts";
import { VirtualClock } from "./virtual-clock.ts";

const LAMBDA = "arn:aws:lambda:eu-west-1:000000000000:function:any";
const task = (more: object) => ({ Type: "Task", Resource: LAMBDA, ...more }) as const;
const ALWAYS = ["States.ALL"];
const failing = (name: string, message = name) => Promise.reject(Object.assign(new Error(message), { name }));

/** Calls a Map's items at most two at once, retries, catches, waits and chooses. */
const MACHINE: Definition = {
  StartAt: "Prepare",
  States: {
    Prepare: { Type: "Pass", Parameters: { "items.$": "$.numbers", limit: 3 }, Next: "Each" },
    Each: {
      Type: "Map",
      ItemsPath: "$.items",
      MaxConcurrency: 2,
      ItemSelector: { "n.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index", "limit.$": "$.limit" },
      ResultPath: "$.out",
      Catch: [{ ErrorEquals: ALWAYS, ResultPath: "$.error", Next: "Undo" }],
      Next: "Undo",
      ItemProcessor: {
        StartAt: "Call",
        States: {
          Call: task({
            Parameters: { "n.$": "$.n" },
            ResultSelector: { "answer.$": "$.value", seen: true },
            ResultPath: "$.call",
            Retry: [
              { ErrorEquals: ["busy"], IntervalSeconds: 5, MaxAttempts: 2, BackoffRate: 2 },
              { ErrorEquals: ALWAYS, MaxAttempts: 1 },
            ],
            Catch: [{ ErrorEquals: ["States.TaskFailed"], ResultPath: "$.failure", Next: "Give" }],
            Next: "Enough",
          }),
          Enough: {
            Type: "Choice",
            Choices: [
              {
                And: [
                  { Variable: "$.call.answer", IsPresent: true },
                  { Not: { Variable: "$.call.answer", NumericEquals: 0 } },
                ],
                Next: "Give",
              },
            ],
            Default: "Rest",
          },
          Rest: { Type: "Wait", SecondsPath: "$.limit", Next: "Give" },
          Give: { Type: "Pass", End: true },
        },
      },
    },
    Undo: task({ ResultPath: null, OutputPath: "$.out", Next: "Done" }),
    Done: { Type: "Succeed" },
  },
};

test.each([
  ["all is well", () => ({})],
  ["busy twice, then well", () => ({ 2: ["busy", "busy"] })],
  ["busy too often, caught", () => ({ 1: ["busy", "busy", "busy"] })],
  ["two kinds of error, each with its own count", () => ({ 0: ["busy", "other", "busy"], 3: ["other"] })],
  ["another error twice, caught", () => ({ 0: ["other", "other"], 1: ["other", "other"] })],
])("goes where the local cloud's engine goes: %s", async (_, script) => {
  const tasks = () => {
    const faults: Record<number, string[]> = script();
    return {
      Call: async ({ n }: { n: number }) => {
        const fault = faults[n]?.shift();
        return fault ? failing(fault) : { value: n };
      },
      Undo: async () => ({ ignored: true }),
    };
  };
  const input = { numbers: [0, 1, 2, 3] };
  const ours = await walk(MACHINE, { input, tasks: tasks() });
  const theirs = await walkLocally(MACHINE, { input, tasks: tasks() });
  expect({ ...ours, path: comparable(ours.path) }).toMatchObject(theirs);
});

test("a failure inside a Map ends its items and is known by its own name, as in the local cloud", async () => {
  const definition = structuredClone(MACHINE);
  delete definition.States.Each?.ItemProcessor?.States.Call?.Catch;
  delete definition.States.Undo?.OutputPath;
  const calls: number[] = [];
  const Call = async ({ n }: { n: number }) => {
    calls.push(n);
    return failing("broken");
  };
  const input = { numbers: [7, 8, 9] };
  const ours = await walk(definition, { input, tasks: { Call, Undo: async () => null } });
  expect(ours).toMatchObject({ status: "SUCCEEDED", output: { error: { Error: "broken" } } });
  expect(calls.filter((n) => n === 9)).toEqual([]);

  const theirs = await walkLocally(definition, { input, tasks: { Call, Undo: async () => null } });
  expect(theirs.output).toEqual(ours.output);
});

const single = (more: object): Definition => ({
  StartAt: "Work",
  States: { Work: task({ End: true, ...more }), Rescue: { Type: "Pass", End: true } },
});

test("retries wait as long as the back-off says, at most MaxDelaySeconds, and jitter takes a part of it", async () => {
  const Retry = [
    { ErrorEquals: ALWAYS, IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 20 },
  ];
  const tasks = { Work: () => failing("down") };
  expect(await walk(single({ Retry }), { input: {}, tasks })).toMatchObject({
    status: "FAILED",
    seconds: 2 + 6 + 18 + 20,
  });
  const jittered = single({ Retry: [{ ...Retry[0], JitterStrategy: "FULL" }] });
  expect((await walk(jittered, { input: {}, tasks, random: () => 0.5 })).seconds).toBe(23);
});

test("a task that takes too long is States.Timeout at once, and its effect still lands, late", async () => {
  const clock = new VirtualClock();
  const landed: number[] = [];
  const Work = async () => {
    await clock.sleep(400);
    landed.push(clock.now);
  };
  const Catch = [{ ErrorEquals: ["States.Timeout"], ResultPath: "$.error", Next: "Rescue" }];
  const walked = await walk(single({ TimeoutSeconds: 280, Catch }), { input: {}, tasks: { Work }, clock });
  expect(walked).toMatchObject({ status: "SUCCEEDED", seconds: 280, path: ["Work", "Rescue"] });
  expect(landed).toEqual([]);
  await clock.drain();
  expect(landed).toEqual([400]);
});

test("a task that is done in time leaves no time limit behind it", async () => {
  const clock = new VirtualClock();
  await walk(single({ TimeoutSeconds: 280 }), { input: {}, tasks: { Work: () => clock.sleep(3) }, clock });
  await clock.drain();
  expect(clock.now).toBe(3);
});

test("what is abandoned has failed for who waits, and goes on; what is halted never does, and stops nobody else", async () => {
  const clock = new VirtualClock();
  const landed: string[] = [];
  const lost = clock.fork(async () => {
    await clock.sleep(2);
    clock.abandon(lost, new Error("lost"));
    await clock.sleep(5);
    landed.push(`lost at ${clock.now}`);
  });
  const killed = clock.fork(async () => {
    clock.abandon(killed, new Error("killed"));
    await clock.halt();
    landed.push("killed");
  });
  const waiting = clock.fork(async () => {
    const results = [await clock.join(killed), await clock.join(lost)];
    return results.map((result) => result !== "timeout" && !result.ok && String(result.error));
  });
  expect(await clock.run(waiting)).toEqual(["Error: killed", "Error: lost"]);
  expect(clock.now).toBe(2);
  await clock.drain();
  expect(landed).toEqual(["lost at 7"]);
});

test("several machines walk on one clock, and a Wait may take longer than it must", async () => {
  const clock = new VirtualClock();
  const waits: Definition = { StartAt: "Rest", States: { Rest: { Type: "Wait", Seconds: 3, End: true } } };
  const fibers = [1, 4].map((times) =>
    execute(waits, { input: {}, tasks: {}, clock, stretch: (seconds) => seconds * times }),
  );
  await clock.drain();
  const seconds = fibers.map(({ result }) => result?.ok && result.value.seconds);
  expect({ seconds, now: clock.now }).toEqual({ seconds: [3, 12], now: 12 });
});

test("States.TaskFailed does not cover a time limit, and no rule covers what is wrong with the machine", async () => {
  const clock = new VirtualClock();
  const timedOut = single({
    TimeoutSeconds: 5,
    Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "Rescue" }],
  });
  const slow = { Work: () => clock.sleep(9) };
  expect(await walk(timedOut, { input: {}, tasks: slow, clock })).toMatchObject({
    error: { name: "States.Timeout" },
  });

  const missing = single({
    Parameters: { "a.$": "$.not.there" },
    Catch: [{ ErrorEquals: ALWAYS, Next: "Rescue" }],
  });
  const walked = await walk(missing, { input: {}, tasks: slow });
  expect(walked).toMatchObject({ status: "FAILED", error: { name: "States.Runtime" } });
});

test("a payload above 256 KB ends the execution, as on AWS (W7)", async () => {
  const tasks = { Work: async () => "x".repeat(262_144) };
  const walked = await walk(single({ Catch: [{ ErrorEquals: ALWAYS, Next: "Rescue" }] }), {
    input: {},
    tasks,
  });
  expect(walked).toMatchObject({ status: "FAILED", error: { name: "States.DataLimitExceeded" } });
});

test("the machine's own time limit and StopExecution end it wherever it is", async () => {
  const clock = new VirtualClock();
  const endless: Definition = {
    StartAt: "Again",
    TimeoutSeconds: 3_600,
    States: { Again: { Type: "Wait", Seconds: 7, Next: "Again" } },
  };
  expect(await walk(endless, { input: {}, tasks: {}, clock })).toMatchObject({
    status: "TIMED_OUT",
    seconds: 3_600,
  });
  const isStopped = () => clock.now > 4_000;
  expect(await walk(endless, { input: {}, tasks: {}, clock, isStopped })).toMatchObject({
    status: "ABORTED",
  });
});

test("the same pick interleaves the items of a Map in the same way, another one in another", async () => {
  const order = async (pick: (candidates: number) => number) => {
    const calls: number[] = [];
    const Call = async ({ n }: { n: number }) => {
      // Real time passes in here, as in a query; it must not decide about the order.
      await new Promise((resolve) => setTimeout(resolve, n === 0 ? 10 : 0));
      calls.push(n);
      return { value: 1 };
    };
    const tasks = { Call, Undo: async () => null };
    const { path } = await walk(MACHINE, {
      input: { numbers: [0, 1, 2, 3] },
      tasks,
      clock: new VirtualClock(pick),
    });
    return { calls, path };
  };
  const inTurn = () => () => 0;
  const uneven = () => {
    let turn = 0;
    return (candidates: number) => (turn++ % 3) % candidates;
  };
  expect(await order(inTurn())).toEqual(await order(inTurn()));
  expect(await order(uneven())).toEqual(await order(uneven()));
  expect((await order(inTurn())).calls).toEqual([0, 1, 2, 3]);
  expect((await order(uneven())).path).not.toEqual((await order(inTurn())).path);
});

test("a definition that uses more of the language than is walked here is refused, not half understood", async () => {
  const refused = (more: object) => walk(single(more), { input: {}, tasks: {} });
  await expect(refused({ HeartbeatSeconds: 9 })).rejects.toThrow("Work: HeartbeatSeconds");
  await expect(refused({ Assign: {} })).rejects.toThrow("Work: Assign");
  await expect(refused({ Next: "Nowhere" })).rejects.toThrow("no state Nowhere");
  const unwalkable = single({ Parameters: { "a.$": "States.UUID()" } });
  expect(await walk(unwalkable, { input: {}, tasks: {} })).toMatchObject({ status: "FAILED" });
});

test("the history counts what Step Functions writes: states, tries and items", async () => {
  const Retry = [{ ErrorEquals: ALWAYS, MaxAttempts: 1, IntervalSeconds: 1 }];
  const { events } = await walk(single({ Retry }), { input: {}, tasks: { Work: () => failing("down") } });
  // ExecutionStarted, TaskStateEntered, twice LambdaFunctionScheduled, -Started, -Failed, ExecutionFailed; one to spare.
  expect(events).toBe(1 + 1 + 2 * 3 + 1 + 1);
});
