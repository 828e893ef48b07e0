import { Generations } from "@imgpilot/core/generations";
import { RunStep, step } from "../middleware/step.ts";
import { contextOf } from "../parts/context.ts";

/** CommitCredits: settles by the images recorded. */
export const handler = step(RunStep, contextOf({}), (ctx, run) =>
  Generations.settleCredits(ctx, run, "CommitCredits"),
);
