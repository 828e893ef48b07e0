import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createStepFunctionsWorkflow } from "./step-functions-workflow.ts";

const stateMachineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:imgpilot-test-generation";
const run = { runId: "gen_01JD-1", generationId: "gen_01JD", images: [0, 1] };
const arn = `arn:aws:states:eu-west-1:123456789012:execution:imgpilot-test-generation:${run.runId}`;

/** Speaks AWS JSON 1.0 as Step Functions does, for the three calls we make. */
const executions = new Map<string, { status: string; input: string; cause?: string }>();
const calls: Record<string, (body: Record<string, string>) => object | string> = {
  StartExecution: ({ name, input, stateMachineArn: machine }) => {
    const executionArn = `${machine?.replace(":stateMachine:", ":execution:")}:${name}`;
    if (executions.has(executionArn)) return "ExecutionAlreadyExists";
    executions.set(executionArn, { status: "RUNNING", input: input ?? "" });
    return { executionArn, startDate: 1 };
  },
  StopExecution: ({ executionArn = "", cause = "" }) => {
    const execution = executions.get(executionArn);
    if (!execution) return "ExecutionDoesNotExist";
    if (execution.status === "RUNNING")
      executions.set(executionArn, { ...execution, status: "ABORTED", cause });
    return { stopDate: 1 };
  },
  DescribeExecution: ({ executionArn = "" }) => {
    const execution = executions.get(executionArn);
    if (!execution) return "ExecutionDoesNotExist";
    return { executionArn, stateMachineArn, startDate: 1, ...execution };
  },
  GetExecutionHistory: ({ executionArn = "" }) =>
    executions.has(executionArn)
      ? {
          events: [
            { id: 9, type: "ExecutionFailed", timestamp: 1 },
            { id: 8, type: "TaskFailed", timestamp: 1 },
            {
              id: 5,
              type: "TaskStateEntered",
              timestamp: 1,
              stateEnteredEventDetails: { name: "RefundCredits" },
            },
            {
              id: 2,
              type: "MapStateEntered",
              timestamp: 1,
              stateEnteredEventDetails: { name: "DrawImages" },
            },
          ],
        }
      : "ExecutionDoesNotExist",
  RedriveExecution: ({ executionArn = "" }) => {
    const execution = executions.get(executionArn);
    if (execution?.status !== "FAILED") return "ExecutionNotRedrivable";
    executions.set(executionArn, { ...execution, status: "RUNNING" });
    return { redriveDate: 1 };
  },
};
let failure: string | null = null;
const server = http.createServer((request, response) => {
  let text = "";
  request.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  request.on("end", () => {
    const call = calls[`${request.headers["x-amz-target"]}`.replace("AWSStepFunctions.", "")];
    const answer = failure ?? call?.(JSON.parse(text)) ?? "UnknownOperationException";
    const [status, body] =
      typeof answer === "string"
        ? [400, { __type: `com.amazonaws.swf#${answer}`, message: answer }]
        : [200, answer];
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));
  });
});

const workflow = () =>
  createStepFunctionsWorkflow({
    stateMachineArn,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });

beforeAll(async () => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "test");
  vi.stubEnv("AWS_REGION", "eu-west-1");
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});
beforeEach(() => {
  executions.clear();
  failure = null;
});

test("a run starts as the execution of its name, with its input", async () => {
  await workflow().start(run);
  expect(JSON.parse(executions.get(arn)?.input ?? "")).toEqual(run);
});

test("starting twice starts once, running or ended", async () => {
  await workflow().start(run);
  await workflow().start(run);
  executions.set(arn, { status: "SUCCEEDED", input: "" });
  await workflow().start(run);
  expect(executions.get(arn)?.status).toBe("SUCCEEDED");
});

test.each([
  ["RUNNING", "running"],
  ["PENDING_REDRIVE", "running"],
  ["SUCCEEDED", "ended"],
  ["FAILED", "ended"],
  ["TIMED_OUT", "ended"],
  ["ABORTED", "ended"],
])("an execution that is %s is told as %s", async (status, expected) => {
  executions.set(arn, { status, input: "" });
  expect(await workflow().state(run.runId)).toBe(expected);
});

test("an execution that never was is absent, and stopping it is done", async () => {
  expect(await workflow().state(run.runId)).toBe("absent");
  await workflow().stop(run.runId, "cancelled");
});

test("stop ends the execution and says why, within the length that AWS takes", async () => {
  await workflow().start(run);
  await workflow().stop(run.runId, "x".repeat(40_000));
  expect(executions.get(arn)).toMatchObject({ status: "ABORTED", cause: "x".repeat(32_768) });
});

test("a failed execution tells in which state it failed, and goes on", async () => {
  expect(await workflow().failedIn(run.runId)).toBeNull();
  executions.set(arn, { status: "SUCCEEDED", input: "" });
  expect(await workflow().failedIn(run.runId)).toBeNull();
  await expect(workflow().redrive(run.runId)).rejects.toMatchObject({ name: "ExecutionNotRedrivable" });
  executions.set(arn, { status: "FAILED", input: "" });
  expect(await workflow().failedIn(run.runId)).toBe("RefundCredits");
  await workflow().redrive(run.runId);
  expect(executions.get(arn)?.status).toBe("RUNNING");
});

test("any other error is thrown: what is not known is not guessed", async () => {
  failure = "StateMachineDoesNotExist";
  await expect(workflow().start(run)).rejects.toMatchObject({ name: "StateMachineDoesNotExist" });
  await expect(workflow().stop(run.runId, "")).rejects.toThrow();
  await expect(workflow().state(run.runId)).rejects.toThrow();
});

test("an ARN that is no state machine's is refused at once", () => {
  expect(() => createStepFunctionsWorkflow({ stateMachineArn: "arn:aws:lambda:x" })).toThrow(/not the ARN/);
});
