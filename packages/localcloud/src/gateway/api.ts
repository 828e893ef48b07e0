import type { HttpApiSpec } from "../assembly/model.ts";
import { LambdaServiceError, type Outcome } from "../lambda/outcome.ts";
import type { Invoke } from "../states/task.ts";
import { corsHeaders, isPreflight } from "./cors.ts";
import { type Answer, functionAnswer, jsonAnswer } from "./function-response.ts";
import type { Incoming } from "./incoming.ts";
import { requestEvent } from "./request-event.ts";
import { createRouteTable, type RouteMatch } from "./route-table.ts";

export type ApiOptions = {
  readonly api: HttpApiSpec;
  readonly account: string;
  readonly invoke: Invoke;
};

/** Answers one request. Never throws: what goes wrong is answered as API Gateway words it. */
export type Api = (incoming: Incoming) => Promise<Answer>;

/** The HTTP API: every request becomes an event for the function of its route, and its result the answer. */
export function createApi({ api, account, invoke }: ApiOptions): Api {
  const findRoute = createRouteTable(api.routes);

  const answer = async (incoming: Incoming): Promise<Answer> => {
    const { path, query } = split(incoming.url);
    if (path === null) return refusal(400, "Bad Request");
    const match = findRoute(incoming.method, path);
    if (!match) return refusal(404, "Not Found");
    const event = requestEvent(incoming, match, { path, query, apiId: api.name, account });
    try {
      return await call(match, () => invoke(match.route.functionArn, JSON.stringify(event)));
    } catch (error) {
      return refusalOf(error);
    }
  };

  return async (incoming) => {
    const headers = corsHeaders(api.cors, incoming);
    if (api.cors && isPreflight(incoming))
      return { statusCode: 204, headers, cookies: [], body: Buffer.alloc(0) };
    const answered = await answer(incoming);
    return { ...answered, headers: { ...answered.headers, ...headers } };
  };
}

async function call({ route }: RouteMatch, invoke: () => Promise<Outcome>): Promise<Answer> {
  const outcome = await within(route.timeoutMs, invoke());
  if (outcome === null) return refusal(503, "Service Unavailable");
  return functionAnswer(outcome) ?? refusal(500, "Internal Server Error");
}

/** Null when it takes too long; the function goes on, as on AWS. */
async function within(timeoutMs: number, invocation: Promise<Outcome>): Promise<Outcome | null> {
  const { promise, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), timeoutMs);
  try {
    return await Promise.race([invocation, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function refusalOf(error: unknown): Answer {
  const name = error instanceof LambdaServiceError ? error.name : "";
  if (name === "RequestTooLargeException") return refusal(413, "Request Entity Too Large");
  if (name === "TooManyRequestsException") return refusal(503, "Service Unavailable");
  return refusal(500, "Internal Server Error");
}

/** The gateway's own refusals. */
export const refusal = (status: number, message: string): Answer => jsonAnswer(status, { message });

/** The path is decoded, as functions are given it; null when it cannot be. The query stays as it was sent. */
function split(url: string): { path: string | null; query: string } {
  const mark = url.indexOf("?");
  const raw = mark < 0 ? url : url.slice(0, mark);
  const query = mark < 0 ? "" : url.slice(mark + 1);
  try {
    return { path: raw.startsWith("/") ? decodeURIComponent(raw) : null, query };
  } catch {
    return { path: null, query };
  }
}
