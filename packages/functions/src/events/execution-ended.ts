import { Generations } from "@imgpilot/core/generations";
import { z } from "zod";
import { step } from "../middleware/step.ts";
import { contextOf } from "../parts/context.ts";
import { workflow } from "../parts/workflow.ts";

/** As much of "Step Functions Execution Status Change" as matters: an execution's name is its run's id. */
const ExecutionEnded = z.object({
  detail: z.object({
    name: z.string().min(1).max(80),
    status: z.enum(["SUCCEEDED", "FAILED", "ABORTED", "TIMED_OUT"]),
  }),
});

/** However an execution ended, its run is settled and the next one started (rule 9). */
export const handler = step(ExecutionEnded, contextOf({ workflow }), (ctx, { detail }) =>
  Generations.executionEnded(ctx, { runId: detail.name }),
);
