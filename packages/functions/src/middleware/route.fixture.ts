import type { Context } from "@imgpilot/core/context";
import type { Db } from "@imgpilot/core/db";
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context as LambdaContext,
} from "aws-lambda";
import { lazily } from "../parts/lazily.ts";

export const SITE = "http://localhost:3000";

type Ask = {
  readonly method?: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly headers?: Record<string, string>;
  readonly cookies?: string[];
  /** Text as it is; anything else as JSON, with its content type. */
  readonly body?: unknown;
};

/** A request as API Gateway hands it over. */
export function eventOf({
  method = "GET",
  path,
  query = {},
  headers = {},
  cookies = [],
  body,
}: Ask): APIGatewayProxyEventV2 {
  const isJson = body !== undefined && typeof body !== "string";
  const address = {
    domainName: "api.example",
    domainPrefix: "api",
    accountId: "0",
    apiId: "a",
    stage: "$default",
  };
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: new URLSearchParams(query).toString(),
    headers: { ...(isJson ? { "Content-Type": "application/json" } : {}), ...headers },
    ...(Object.keys(query).length > 0 ? { queryStringParameters: query } : {}),
    ...(cookies.length > 0 ? { cookies } : {}),
    ...(body === undefined ? {} : { body: isJson ? JSON.stringify(body) : String(body) }),
    isBase64Encoded: false,
    requestContext: {
      ...address,
      routeKey: "$default",
      requestId: "request-1",
      time: "01/Jan/2026:00:00:00 +0000",
      timeEpoch: 0,
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
    },
  };
}

export const LAMBDA: LambdaContext = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: "imgpilot-test",
  functionVersion: "$LATEST",
  invokedFunctionArn: "arn:aws:lambda:eu-west-1:000000000000:function:imgpilot-test",
  memoryLimitInMB: "128",
  awsRequestId: "request-1",
  logGroupName: "test",
  logStreamName: "test",
  getRemainingTimeInMillis: () => 1_000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};

type Handler = (
  event: APIGatewayProxyEventV2,
  context: LambdaContext,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** What the handler answers, its body parsed where it is JSON. */
export async function askOf(handler: Handler, ask: Ask) {
  const { statusCode = 0, headers = {}, body = "", cookies } = await handler(eventOf(ask), LAMBDA);
  const isJson = body !== "" && /json(;|$)/.test(String(headers["content-type"]));
  return { status: statusCode, headers, cookies, body: isJson ? JSON.parse(body) : body };
}

/** A port of a test that has no use for it: it says so when it is called. */
const absent = <Port extends object>(name: string) =>
  lazily<Port>(async () => {
    throw new Error(`the test has no ${name}`);
  });

/** The context of a function that was given the database alone. */
export const contextWith = (db: Db): Context => ({
  db,
  objects: absent("objects"),
  images: absent("images"),
  workflow: absent("workflow"),
  gate: absent("gate"),
  provider: () => Promise.reject(new Error("the test has no provider")),
  report: () => {},
});
