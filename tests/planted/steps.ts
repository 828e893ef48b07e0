import type { PlantedBug } from "./bug.ts";

const GENERATIONS = "packages/core/src/generations";
const FAULTS = "tests/faults.simulation.test.ts";
const NETS = "tests/nets.simulation.test.ts";
const DRAWN = [FAULTS, "-t", "drawn at once: any one fault"] as const;
const VERDICT = [`${GENERATIONS}/verdict.test.ts`] as const;

/** Rules taken out of the steps that the workflow calls, of the nets below it, and of the times between them. */
export const STEP_BUGS: readonly PlantedBug[] = [
  {
    name: "SubmitImage calls the provider whether or not the attempt was begun",
    breaks: ["W4"],
    file: `${GENERATIONS}/submit-image.ts`,
    from: 'if (begun === "begun")',
    to: "if (begun)",
    tests: DRAWN,
  },
  {
    name: "a picture that was paid for and lost on the way is booked as free",
    breaks: ["W4"],
    file: `${GENERATIONS}/submit-image.ts`,
    from: 'await bookUnknown(ctx, attempt, costMicros, "bad_response");',
    to: 'await bookUnknown(ctx, attempt, 0, "bad_response");',
    tests: DRAWN,
  },
  {
    name: "StoreImage says stored where recording was refused",
    breaks: ["W2", "W5"],
    file: `${GENERATIONS}/store-image.ts`,
    from: 'if (answer === "refused") return failed(attempt.provider, "run.closed", n);',
    to: "void answer;",
    tests: [...DRAWN],
  },
  {
    name: "an image is recorded before its objects are there",
    breaks: ["W2"],
    file: `${GENERATIONS}/store-image.ts`,
    from: '  await ctx.objects.put(keys.w1024, w1024, "image/webp");\n',
    to: "",
    tests: DRAWN,
  },
  {
    name: "a poll that fails by itself ends the attempt, and the picture is drawn again",
    breaks: ["W4"],
    file: `${GENERATIONS}/poll-image.ts`,
    from: "if (!error.final) return Routing.renew(ctx, row, attempt);",
    to: "",
    tests: [FAULTS, "-t", "queued, and then blocked"],
  },
  {
    name: "a refusal is taken to another provider",
    breaks: ["W6"],
    file: `${GENERATIONS}/verdict.ts`,
    from: 'return { word: "stop", delay: 0 };',
    to: 'return { word: "next", delay: 0 };',
    tests: VERDICT,
  },
  {
    name: "a repeated SubmitImage calls again for the attempt that it made",
    breaks: ["W4"],
    file: `${GENERATIONS}/verdict.ts`,
    from: "if (last.n >= asked || !isConclusiveFailure(last)) return currentMove(situation);",
    to: "if (!isConclusiveFailure(last)) return currentMove(situation);",
    tests: VERDICT,
  },
  {
    name: "calls go on after two answers that nobody heard",
    breaks: ["W4"],
    file: `${GENERATIONS}/verdict.ts`,
    from: 'attempts.slice(0, -1).some(({ state }) => state === "unknown")',
    to: "false",
    tests: VERDICT,
  },
  {
    name: "the event that an execution ended settles nothing",
    breaks: ["W3"],
    file: `${GENERATIONS}/settle-credits.ts`,
    from: 'await Runs.settle(ctx.db, runId, "event");\n  await tryDispatch(ctx);',
    to: 'await Runs.settle(ctx.db, runId.slice(1), "event");\n  await tryDispatch(ctx);',
    tests: [NETS],
  },
  {
    name: "the sweeper leaves what ended unheard",
    breaks: ["W3", "W9"],
    file: `${GENERATIONS}/sweep.ts`,
    from: 'case "ended":\n      await settle();\n      return "settled";',
    to: 'case "ended":\n      return "left";',
    tests: [NETS],
  },
  {
    name: "the sweeper leaves what waited for a day",
    breaks: ["L14"],
    file: `${GENERATIONS}/sweep.ts`,
    from: 'if (run.problem === "queued-too-long") {\n    await settle();',
    to: 'if (run.problem === "queued-too-long") {',
    tests: [NETS],
  },
  {
    name: "an execution at work is settled under its hands",
    breaks: ["L15", "W3"],
    file: `${GENERATIONS}/sweep.ts`,
    from: 'if (!run.holdExpired) return "left";\n',
    to: "",
    tests: [NETS],
  },
  {
    name: "a hold ends before the longest execution does",
    breaks: ["L15"],
    file: "packages/core/src/runs/limits.ts",
    from: "export const HOLD_SECONDS = 5_400;",
    to: "export const HOLD_SECONDS = 3_000;",
    tests: ["stacks/times.infra.test.ts"],
  },
  {
    name: "an answer of the provider is not insisted on",
    breaks: ["W4"],
    file: `${GENERATIONS}/insist.ts`,
    from: "const PAUSES_MS = [100, 500, 2_000];",
    to: "const PAUSES_MS: number[] = [];",
    tests: [NETS],
  },
  {
    name: "what passes between states carries the prompt",
    breaks: ["W7"],
    file: `${GENERATIONS}/reserve-credits.ts`,
    from: "return { verdict: await Runs.confirm(ctx.db, runId) };",
    to: 'return { verdict: await Runs.confirm(ctx.db, runId), prompt: "x".repeat(10_000) } as ReserveVerdict;',
    tests: [...DRAWN, "packages/testkit/src/state-machine.test.ts"],
  },
];
