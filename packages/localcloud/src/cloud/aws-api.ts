import type { Scheduler } from "../events/scheduler.ts";
import { type Listening, listen } from "../http/server.ts";
import { answerInvoke, isInvokePath } from "../lambda/invoke-api.ts";
import type { Lambda } from "../lambda/lambda.ts";
import type { Engine } from "../states/engine.ts";
import { answerStates, isStatesTarget } from "../states/states-api.ts";

type Parts = { readonly engine: Engine; readonly lambda: Lambda; readonly scheduler: Scheduler };

/** `/_local/schedules` lists them; POST to `/_local/schedules/<name or function>` runs one now. */
const SCHEDULES = /^\/_local\/schedules(?:\/([^/?]+))?$/;

/**
 * AWS on one address: Step Functions and Lambda's Invoke as their SDK clients and the AWS command line speak them, and
 * what only a local cloud can do. Requests are not authenticated: whoever can open a port here is this machine's.
 */
export function startAwsApi({ engine, lambda, scheduler }: Parts): Promise<Listening> {
  return listen("the AWS API", 0, async (request, response) => {
    const url = request.url ?? "/";
    if (isStatesTarget(request.headers["x-amz-target"])) return answerStates(engine, request, response);
    if (isInvokePath(url)) return answerInvoke(lambda, request, response);
    const [, name] = SCHEDULES.exec(url) ?? [];
    const isSchedules = SCHEDULES.test(url);
    const answer = (status: number, body: unknown) =>
      void response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (isSchedules && name === undefined) return answer(200, scheduler.list());
    const runs =
      isSchedules && request.method === "POST" && (await scheduler.trigger(decodeURIComponent(name ?? "")));
    if (runs) return answer(200, runs);
    answer(404, { message: `The local cloud has nothing at ${request.method} ${url}` });
  });
}
