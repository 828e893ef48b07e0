import type { FunctionSpec } from "../assembly/model.ts";
import { asyncInvocations } from "./async-invocations.ts";
import { openFunctionLog } from "./function-log.ts";
import { FunctionPool } from "./function-pool.ts";
import { functionNotFound, MAX_PAYLOAD_BYTES, type Outcome, requestTooLarge } from "./outcome.ts";

export type LambdaOptions = {
  readonly functions: readonly FunctionSpec[];
  readonly environmentOf: (spec: FunctionSpec) => Record<string, string>;
  readonly logDir: string;
  /** Where an asynchronous invocation that failed for good is reported. */
  readonly log: (line: string) => void;
  /** Waits before the tries after the first of an asynchronous invocation; AWS waits 60 and 120 s. */
  readonly asyncRetryDelaysMs?: readonly number[];
};

/** The functions of the assembly, ready to be called by name or ARN. */
export type Lambda = {
  /** @throws LambdaServiceError ResourceNotFoundException, TooManyRequestsException, RequestTooLargeException */
  readonly invoke: (nameOrArn: string, event: string) => Promise<Outcome>;
  /** Answers as soon as the event is accepted; failures are tried again. Not durable: see events/deliveries.ts. */
  readonly invokeAsync: (nameOrArn: string, event: string) => void;
  readonly find: (nameOrArn: string) => FunctionSpec | null;
  /** Loads one sandbox of each, a few at a time; answers the functions that cannot be loaded, and why. */
  readonly warm: (functions: readonly FunctionSpec[]) => Promise<{ name: string; problem: string }[]>;
  readonly close: () => Promise<void>;
};

const WARMED_AT_ONCE = 3;

export function createLambda(options: LambdaOptions): Lambda {
  const pools = new Map<string, FunctionPool>();
  const specs = new Map(options.functions.map((spec) => [spec.name, spec]));

  const find = (nameOrArn: string) => specs.get(functionName(nameOrArn)) ?? null;

  function poolOf(spec: FunctionSpec): FunctionPool {
    const known = pools.get(spec.name);
    if (known) return known;
    const environment = { ...reservedVariables(spec), ...options.environmentOf(spec) };
    const pool = new FunctionPool(spec, environment, openFunctionLog(options.logDir, spec.name));
    pools.set(spec.name, pool);
    return pool;
  }

  async function invoke(nameOrArn: string, event: string): Promise<Outcome> {
    const spec = find(nameOrArn);
    if (!spec) throw functionNotFound(nameOrArn);
    if (Buffer.byteLength(event) > MAX_PAYLOAD_BYTES) throw requestTooLarge();
    return poolOf(spec).invoke(event);
  }

  const events = asyncInvocations(invoke, options);

  return {
    invoke,
    find,
    invokeAsync: (nameOrArn, event) => {
      const spec = find(nameOrArn);
      if (!spec) throw functionNotFound(nameOrArn);
      events.accept(spec, event);
    },
    warm: (functions) => warmEach(functions, poolOf),
    close: async () => {
      events.close();
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  };
}

async function warmEach(functions: readonly FunctionSpec[], poolOf: (spec: FunctionSpec) => FunctionPool) {
  const queue = [...functions];
  const problems: { name: string; problem: string }[] = [];
  const lane = async () => {
    for (let spec = queue.shift(); spec; spec = queue.shift()) {
      const problem = await poolOf(spec).warm();
      if (problem) problems.push({ name: spec.name, problem: problem.body });
    }
  };
  await Promise.all(Array.from({ length: WARMED_AT_ONCE }, lane));
  return problems;
}

/** `name`, `name:alias`, `123456789012:function:name`, or a whole ARN with or without an alias. */
function functionName(nameOrArn: string): string {
  return (nameOrArn.split("function:").pop() ?? "").split(":")[0] ?? "";
}

/** What Lambda tells every function about itself. */
function reservedVariables(spec: FunctionSpec): Record<string, string> {
  const region = spec.arn.split(":")[3] ?? "";
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    LAMBDA_TASK_ROOT: spec.file.slice(0, spec.file.lastIndexOf("/")),
    TZ: ":UTC",
  };
}
