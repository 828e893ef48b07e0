import { Generations } from "@imgpilot/core/generations";
import { job } from "../middleware/job.ts";
import { contextOf } from "../parts/context.ts";
import { workflow } from "../parts/workflow.ts";

/** Every minute: the net under all runs (rule 9). */
export const handler = job("sweep", contextOf({ workflow }), (ctx) => Generations.sweep(ctx));
