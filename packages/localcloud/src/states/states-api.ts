import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { BodyTooLarge, readBody } from "../http/server.ts";
import type { Engine } from "./engine.ts";
import { StatesApiError } from "./errors.ts";
import { OPERATIONS } from "./operations.ts";
import type { Request } from "./requests.ts";

const PREFIX = "AWSStepFunctions.";
const MAX_REQUEST_BYTES = 2_000_000;

export const isStatesTarget = (target: unknown) => typeof target === "string" && target.startsWith(PREFIX);

/** The Step Functions API in AWS JSON 1.0, as its SDK client and the AWS command line speak it. */
export async function answerStates(engine: Engine, request: IncomingMessage, response: ServerResponse) {
  response.setHeader("content-type", "application/x-amz-json-1.0");
  response.setHeader("x-amzn-requestid", randomUUID());
  try {
    const name = String(request.headers["x-amz-target"]).slice(PREFIX.length);
    const operation = OPERATIONS[name];
    if (!operation) {
      throw new StatesApiError("UnknownOperationException", `The local cloud has no operation ${name}.`);
    }
    const body = parse(await readBody(request, MAX_REQUEST_BYTES));
    response.end(JSON.stringify(operation(engine, body)));
  } catch (error) {
    refuse(response, error);
  }
}

function parse(body: Buffer): Request {
  try {
    const parsed = JSON.parse(body.toString() || "{}") as unknown;
    if (parsed !== null && typeof parsed === "object" && !Array.isArray(parsed)) return parsed as Request;
  } catch {
    // Answered below, as anything else that is no JSON object.
  }
  throw new StatesApiError("SerializationException", "The request is not a JSON object.");
}

function refuse(response: ServerResponse, thrown: unknown): void {
  const error =
    thrown instanceof BodyTooLarge
      ? new StatesApiError("ValidationException", "The request is too large.")
      : thrown;
  const isKnown = error instanceof StatesApiError;
  const message = error instanceof Error ? error.message : String(error);
  response.writeHead(isKnown ? 400 : 500);
  response.end(JSON.stringify({ __type: isKnown ? error.name : "InternalFailure", message }));
}
