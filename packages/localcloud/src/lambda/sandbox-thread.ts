/**
 * Runs inside a sandbox's worker thread: loads the bundle, then answers one invocation after another. It knows
 * nothing of timeouts; who started it ends it.
 */
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { FunctionError } from "./outcome.ts";
import type { FromSandbox, SandboxData, ToSandbox } from "./sandbox.ts";

const { file, exportName, name, arn, memoryMb } = workerData as SandboxData;
const tell = (message: FromSandbox) => parentPort?.postMessage(message);

type Handler = (event: unknown, context: object) => unknown;

const handler = await load();
if (handler) {
  parentPort?.on("message", (message: ToSandbox) => void answer(handler, message));
  tell({ type: "ready" });
}

async function load(): Promise<Handler | null> {
  try {
    const bundle = (await import(pathToFileURL(file).href)) as Record<string, unknown>;
    const handler = bundle[exportName];
    if (typeof handler === "function") return handler as Handler;
    const errorMessage = `${file} exports no function ${exportName}`;
    tell({ type: "unable", error: { errorType: "Runtime.HandlerNotFound", errorMessage } });
  } catch (error) {
    tell({ type: "unable", error: describe(error) });
  }
  return null;
}

async function answer(handler: Handler, { requestId, event, deadline }: ToSandbox): Promise<void> {
  try {
    const result = await handler(JSON.parse(event), contextOf(requestId, deadline));
    const body = marshal(result);
    await flushOutput();
    tell({ type: "answered", body });
  } catch (error) {
    await flushOutput();
    tell({ type: "failed", error: describe(error) });
  }
}

/** What was said during an invocation is logged with it: it leaves the thread before the answer does. */
async function flushOutput(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map((stream) => new Promise((done) => stream.write("", done))),
  );
}

function contextOf(requestId: string, deadline: number) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName: name,
    functionVersion: "$LATEST",
    invokedFunctionArn: arn,
    memoryLimitInMB: String(memoryMb),
    awsRequestId: requestId,
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: "local",
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function marshal(result: unknown): string {
  try {
    return JSON.stringify(result ?? null);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw Object.assign(new Error(message), { name: "Runtime.MarshalError" });
  }
}

/** The error's own name is kept: state machines choose by it whether to retry. */
function describe(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error))
    return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: String(thrown.stack).split("\n") };
}
