import { lint } from "@imgpilot/localcloud/states/lint";
import { synthesised } from "@imgpilot/testkit/assembly";
import { comparable, walkLocally } from "@imgpilot/testkit/local-engine";
import { type Walk, walk } from "@imgpilot/testkit/state-machine";
import fc from "fast-check";
import { expect, test } from "vitest";

const { assembly, definition, machine } = synthesised();
const items = definition.States.DrawImages?.ItemProcessor;
const states = { ...definition.States, ...items?.States };
const tasks = Object.entries(states).filter(([, { Type }]) => Type === "Task");

test("the machine is called what the functions take it for, and its states what operators are told", () => {
  expect(machine.name).toBe("imgpilot-local-generation");
  expect(Object.keys(definition.States).sort()).toEqual(
    [
      ["ReserveCredits", "Reserved", "DrawImages", "AnyStored", "CommitCredits", "RefundCredits", "Outcome"],
      ["GenerationSucceeded", "GenerationRefused", "GenerationFailed"],
    ]
      .flat()
      .sort(),
  );
  expect(Object.keys(items?.States ?? {}).sort()).toEqual(
    [
      ["SubmitImage", "Verdict", "AwaitProvider", "PollImage", "BackOff", "FallBack", "StoreImage"],
      ["ImageStored", "ImageDone"],
    ]
      .flat()
      .sort(),
  );
});

test("every task calls the Lambda of its step", () => {
  const called = tasks.map(([name, { Resource }]) => [
    name,
    assembly.functions.find(({ arn }) => arn === Resource)?.name,
  ]);
  const kebab = (name: string) => name.replace(/[a-z](?=[A-Z])/g, "$&-").toLowerCase();
  for (const [name, lambda] of called) expect(lambda).toBe(`imgpilot-local-${kebab(name ?? "")}`);
  expect(called).toHaveLength(6);
});

test("W12: every task has its own time limit, is retried with full jitter on any error, and is caught where ruled", () => {
  for (const [name, { TimeoutSeconds, Retry = [], Catch }] of tasks) {
    expect(TimeoutSeconds, name).toBeGreaterThan(0);
    expect(Retry.at(-1)?.ErrorEquals, name).toEqual(["States.ALL"]);
    for (const retrier of Retry) expect(retrier, name).toMatchObject({ JitterStrategy: "FULL" });
    const catcher = Catch?.map(({ ErrorEquals, Next }) => [...ErrorEquals, Next]);
    const rescue = name in definition.States ? "RefundCredits" : "ImageDone";
    expect(catcher, name).toEqual(name === "RefundCredits" ? undefined : [["States.ALL", rescue]]);
  }
  expect(definition.States.DrawImages?.Catch).toMatchObject([
    { ErrorEquals: ["States.ALL"], Next: "RefundCredits" },
  ]);
});

test("provider errors are verdicts: nothing in the machine knows one by its name (rule 1)", () => {
  expect(machine.definition).not.toMatch(/provider\./);
  expect(machine.definition).not.toMatch(/JSONata|Assign|\{%/);
});

test("the local cloud reads the machine as AWS does", () => {
  expect(lint(definition as never)).toEqual([]);
});

type Script = Record<string, string[]>;
const RUN = { runId: "gen_1-1", generationId: "gen_1", images: [0, 1, 2] };
const WORDS = ["store", "wait", "retry", "fallback", "done", "failed"];

/** Steps that answer and fail as scripted for each of their calls; at the end of the script, whatever ends the image. */
function scripted(script: Script): Walk["tasks"] {
  const left = structuredClone(script);
  const next = (key: string) => left[key]?.shift() ?? "well";
  const step =
    (name: string, well: object, answer: (word: string) => object) => async (input: { image?: number }) => {
      const word = next(`${name}${input.image ?? ""}`);
      if (word.startsWith("!")) throw Object.assign(new Error("infrastructure"), { name: word.slice(1) });
      return word === "well" ? well : answer(word);
    };
  const says = (verdict: string) => ({
    verdict,
    attempt: 1,
    waitSeconds: 0,
    error: null,
    provider: null,
    next: null,
  });
  const settled = (outcome: string) => ({ outcome, charged: 0, returned: 0 });
  return {
    ReserveCredits: step("ReserveCredits", { verdict: "held" }, (verdict) => ({ verdict })),
    SubmitImage: step("SubmitImage", says("store"), says),
    PollImage: step("PollImage", says("failed"), says),
    StoreImage: step("StoreImage", says("done"), says),
    CommitCredits: step("CommitCredits", settled("succeeded"), settled),
    RefundCredits: step("RefundCredits", settled("failed"), settled),
  };
}

const fault = fc.constantFrom("!Lambda.Unknown", "!Lambda.TooManyRequestsException", "!Error");
const answersOf = (...words: string[]) =>
  fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...words) }, { weight: 2, arbitrary: fault }), {
    maxLength: 9,
  });
const outcomes = answersOf("succeeded", "partial", "refused", "failed", "cancelled");
const scripts = fc.record<Script>({
  ReserveCredits: answersOf("held", "refused"),
  ...Object.fromEntries(
    ["SubmitImage", "PollImage", "StoreImage"].flatMap((name) =>
      RUN.images.map((image) => [`${name}${image}`, answersOf(...WORDS)]),
    ),
  ),
  CommitCredits: outcomes,
  RefundCredits: outcomes,
});

test("whatever the steps answer and however they fail, both engines go the same way to the same end", async () => {
  await fc.assert(
    fc.asyncProperty(scripts, async (script) => {
      const ours = await walk(definition, { input: RUN, tasks: scripted(script) });
      const theirs = await walkLocally(definition, { input: RUN, tasks: scripted(script) });
      expect({ ...ours, path: comparable(ours.path) }).toMatchObject(theirs);
    }),
    { numRuns: 30 },
  );
});

const always = (word: string) => Array.from({ length: 99 }, () => word);
const run = async (script: Script) => {
  const walked = await walk(definition, { input: { ...RUN, images: [0] }, tasks: scripted(script) });
  return { ...walked, path: walked.path.map((name) => name.replace("[0]", "")) };
};
const DRAWN = ["ReserveCredits", "Reserved", "DrawImages", "SubmitImage", "Verdict"];
const STORED = [
  "StoreImage",
  "Verdict",
  "ImageStored",
  "ImageDone",
  "AnyStored",
  "CommitCredits",
  "Outcome",
  "GenerationSucceeded",
];

test("every verdict leads where it is drawn", async () => {
  expect((await run({})).path).toEqual([...DRAWN, ...STORED]);
  expect((await run({ SubmitImage0: ["retry"] })).path).toEqual([
    ...DRAWN,
    "BackOff",
    "SubmitImage",
    "Verdict",
    ...STORED,
  ]);
  expect((await run({ SubmitImage0: ["fallback"] })).path).toEqual([
    ...DRAWN,
    "FallBack",
    "SubmitImage",
    "Verdict",
    ...STORED,
  ]);
  const polled = ["AwaitProvider", "PollImage", "Verdict"];
  expect((await run({ SubmitImage0: ["wait"], PollImage0: ["wait", "store"] })).path).toEqual([
    ...DRAWN,
    ...polled,
    ...polled,
    ...STORED,
  ]);
  // What a provider sent was no image: StoreImage's answer is a verdict like any other.
  expect((await run({ StoreImage0: ["retry"] })).path).toEqual([
    ...DRAWN,
    "StoreImage",
    "Verdict",
    "BackOff",
    "SubmitImage",
    "Verdict",
    ...STORED,
  ]);
});

test("a refusal ends in Succeed, a fault in Fail, and a run that is closed already is not drawn (rule 11)", async () => {
  const refund = ["RefundCredits", "Outcome"];
  expect((await run({ SubmitImage0: ["failed"], RefundCredits: ["refused"] })).path).toEqual([
    ...DRAWN,
    "ImageDone",
    "AnyStored",
    ...refund,
    "GenerationRefused",
  ]);
  const failed = await run({ SubmitImage0: ["failed"] });
  expect(failed).toMatchObject({ status: "FAILED", error: { name: "generation.failed" } });
  const closed = await run({ ReserveCredits: ["refused"], RefundCredits: ["cancelled"] });
  expect(closed.path).toEqual(["ReserveCredits", "Reserved", ...refund, "GenerationRefused"]);
});

test("whichever step fails for good, credits are settled, and what was recorded decides about the end (W3)", async () => {
  const dead = always("!Error");
  const settledAll = { RefundCredits: ["succeeded"] };
  for (const step of ["ReserveCredits", "SubmitImage0", "StoreImage0", "CommitCredits"]) {
    const { path, status } = await run({ [step]: dead, ...settledAll });
    expect(path.slice(-3), step).toEqual(["RefundCredits", "Outcome", "GenerationSucceeded"]);
    expect(status).toBe("SUCCEEDED");
  }
  const { path, error } = await run({ SubmitImage0: ["failed"], RefundCredits: dead });
  expect({ last: path.at(-1), error }).toMatchObject({ last: "RefundCredits", error: { name: "Error" } });
});
