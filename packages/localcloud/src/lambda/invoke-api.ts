import type { IncomingMessage, ServerResponse } from "node:http";
import { BodyTooLarge, readBody } from "../http/server.ts";
import type { Lambda } from "./lambda.ts";
import { functionNotFound, LambdaServiceError, MAX_PAYLOAD_BYTES, requestTooLarge } from "./outcome.ts";

const PATH = /^\/2015-03-31\/functions\/([^/?]+)\/invocations/;

export const isInvokePath = (url: string) => PATH.test(url);

/** Lambda's Invoke operation as its SDK client and the AWS command line speak it. */
export async function answerInvoke(lambda: Lambda, request: IncomingMessage, response: ServerResponse) {
  try {
    const name = decodeURIComponent(PATH.exec(request.url ?? "")?.[1] ?? "");
    if (!lambda.find(name)) throw functionNotFound(name);
    const event = parseEvent(await readBody(request, MAX_PAYLOAD_BYTES));
    await invoke(lambda, name, event, request.headers["x-amz-invocation-type"], response);
  } catch (error) {
    refuse(response, error);
  }
}

async function invoke(
  lambda: Lambda,
  name: string,
  event: string,
  invocationType: unknown,
  response: ServerResponse,
) {
  if (invocationType === "DryRun") return void response.writeHead(204).end();
  if (invocationType === "Event") {
    lambda.invokeAsync(name, event);
    return void response.writeHead(202).end();
  }
  const outcome = await lambda.invoke(name, event);
  response.writeHead(200, {
    "content-type": "application/json",
    "x-amz-executed-version": "$LATEST",
    ...(outcome.isError ? { "x-amz-function-error": "Unhandled" } : {}),
  });
  response.end(outcome.body);
}

/** An empty payload is the empty object; anything else must be JSON before a function sees it. */
function parseEvent(body: Buffer): string {
  const text = body.toString() || "{}";
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new LambdaServiceError(
      "InvalidRequestContentException",
      400,
      "Could not parse request body into json: invalid JSON",
    );
  }
}

function refuse(response: ServerResponse, thrown: unknown): void {
  const error = thrown instanceof BodyTooLarge ? requestTooLarge() : thrown;
  const known = error instanceof LambdaServiceError;
  response.writeHead(known ? error.status : 500, {
    "content-type": "application/json",
    "x-amzn-errortype": known ? error.name : "ServiceException",
  });
  const message = error instanceof Error ? error.message : String(error);
  response.end(JSON.stringify({ Type: known ? "User" : "Service", Message: message, message }));
}
