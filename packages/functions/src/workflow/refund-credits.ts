import { Generations } from "@imgpilot/core/generations";
import { RunStep, step } from "../middleware/step.ts";
import { contextOf } from "../parts/context.ts";

/** RefundCredits: settles by the images recorded, which after a failure are mostly none. */
export const handler = step(RunStep, contextOf({}), (ctx, run) =>
  Generations.settleCredits(ctx, run, "RefundCredits"),
);
