/** How an invocation ended: the JSON that the function answered, or that describes its error. */
export type Outcome = { readonly isError: boolean; readonly body: string };

/** Lambda's error document. `errorType` is the name of the error thrown, or one of the runtime's own. */
export type FunctionError = {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
};

/** What Lambda takes and gives at most in a synchronous invocation. */
export const MAX_PAYLOAD_BYTES = 6_291_556;

export function failed(error: FunctionError): Outcome {
  return { isError: true, body: JSON.stringify(error) };
}

export function timedOut(requestId: string, timeoutSeconds: number): Outcome {
  return failed({
    errorType: "Sandbox.Timedout",
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
  });
}

/** The sandbox died in the middle: `process.exit`, an uncaught error, no memory left. */
export function exited(requestId: string, reason: string): Outcome {
  return failed({ errorType: "Runtime.ExitError", errorMessage: `RequestId: ${requestId} Error: ${reason}` });
}

export function answered(body: string): Outcome {
  if (Buffer.byteLength(body) <= MAX_PAYLOAD_BYTES) return { isError: false, body };
  return failed({
    errorType: "Function.ResponseSizeTooLarge",
    errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`,
  });
}

/** An error of the Lambda service itself; no function has run. */
export class LambdaServiceError extends Error {
  override readonly name: string;
  readonly status: number;

  constructor(name: string, status: number, message: string) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

export const functionNotFound = (arn: string) =>
  new LambdaServiceError("ResourceNotFoundException", 404, `Function not found: ${arn}`);

export const tooManyRequests = () =>
  new LambdaServiceError("TooManyRequestsException", 429, "Rate Exceeded.");

export const requestTooLarge = () =>
  new LambdaServiceError(
    "RequestTooLargeException",
    413,
    `Request must be smaller than ${MAX_PAYLOAD_BYTES} bytes for the InvokeFunction operation`,
  );
