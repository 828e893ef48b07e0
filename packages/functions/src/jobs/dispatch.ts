import { Generations } from "@imgpilot/core/generations";
import { job } from "../middleware/job.ts";
import { contextOf } from "../parts/context.ts";
import { workflow } from "../parts/workflow.ts";

/** Every minute: starts what waits in the queue. */
export const handler = job("dispatch", contextOf({ workflow }), (ctx) => Generations.dispatch(ctx));
