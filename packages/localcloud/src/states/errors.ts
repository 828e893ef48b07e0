/** An error of the Step Functions API, by the name its clients know. */
export class StatesApiError extends Error {
  override readonly name: string;

  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export const executionDoesNotExist = (arn: string) =>
  new StatesApiError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);

export const stateMachineDoesNotExist = (arn: string) =>
  new StatesApiError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);

export const executionAlreadyExists = (arn: string) =>
  new StatesApiError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);

export const executionNotRedrivable = (why: string) => new StatesApiError("ExecutionNotRedrivable", why);

export const invalidArn = (arn: unknown) => new StatesApiError("InvalidArn", `Invalid Arn: '${String(arn)}'`);
export const invalidName = (name: unknown) =>
  new StatesApiError("InvalidName", `Invalid Name: '${String(name)}'`);
export const invalidToken = () => new StatesApiError("InvalidToken", "Invalid Token");
export const invalid = (message: string) => new StatesApiError("ValidationException", message);

/**
 * What ends a state, under the name that Retry and Catch match. A terminal one ends the execution whatever they
 * say, as `States.DataLimitExceeded` and `States.Runtime` do on AWS.
 */
export class StateError extends Error {
  override readonly name: string;
  readonly isRetryable: boolean;
  readonly isCatchable: boolean;

  constructor(error: string, cause: string, { isTerminal = false } = {}) {
    super(cause);
    this.name = error;
    // The two names are the interpreter's: it asks them of every error.
    this.isRetryable = !isTerminal;
    this.isCatchable = !isTerminal;
  }
}

/** Bytes of JSON that a state may take or give: 256 KB, as on AWS. */
export const MAX_DATA_BYTES = 262_144;

export const dataLimitExceeded = (state: string) =>
  new StateError(
    "States.DataLimitExceeded",
    `The state/task '${state}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    { isTerminal: true },
  );

/** Thrown into what is still running of an execution that has ended. Nobody hears it. */
export const stopped = () => new StateError("ExecutionStopped", "", { isTerminal: true });
