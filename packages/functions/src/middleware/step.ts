import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import type { Context } from "@imgpilot/core/context";
import middy from "@middy/core";
import { type output, type ZodType, z } from "zod";
import { logger } from "./logger.ts";

/** `ImageStepInput` and the input of the steps that concern a whole run, as the state machine hands them over. */
export const RunStep = z.object({ runId: z.string().min(1).max(80) });
export const ImageStep = RunStep.extend({ image: z.int().min(0).max(15), attempt: z.int().min(0).max(100) });

/**
 * A step of the workflow: parses what the state machine hands over, does one thing, returns its verdict. What it
 * throws is logged and passed on, for the state machine to retry or to settle.
 */
export function step<Schema extends ZodType, Verdict>(
  schema: Schema,
  context: () => Promise<Context>,
  act: (ctx: Context, input: output<Schema>) => Promise<Verdict>,
) {
  return middy<unknown, Verdict>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .onError(({ error, event }) => {
      logger.error("step.failed", { error: error as Error, input: event as object });
    })
    .handler(async (event) => {
      const input = schema.parse(event);
      const verdict = await act(await context(), input);
      logger.info("step", { input: input as object, verdict: verdict as object });
      return verdict;
    });
}
