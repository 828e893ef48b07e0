import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import type { Context } from "@imgpilot/core/context";
import middy from "@middy/core";
import { logger } from "./logger.ts";

/** Work that the clock asks for: says what it did, and what it throws shows as the function's error. */
export function job(name: string, context: () => Promise<Context>, work: (ctx: Context) => Promise<object>) {
  return middy<unknown, object>()
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .onError(({ error }) => {
      logger.error("job.failed", { job: name, error: error as Error });
    })
    .handler(async () => {
      const done = await work(await context());
      logger.info("job", { job: name, ...done });
      return done;
    });
}
