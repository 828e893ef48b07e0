import { InvokeCommand, LambdaClient, ResourceNotFoundException } from "@aws-sdk/client-lambda";
import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ExecutionNotRedrivable,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StateMachineDoesNotExist,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { describe, expect, inject, test } from "vitest";
import { endedExecution, executionArn, sfnAt } from "./support/executions.ts";
import { ended, newPerson, ORDER } from "./support/person.ts";

/** The local cloud's AWS, as AWS's own clients see it. */
const endpoints = inject("endpoints");
const { stateMachineArn } = endpoints;
const sfn = sfnAt(endpoints);
const lambda = new LambdaClient({
  endpoint: endpoints.aws,
  region: "eu-west-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});
const anExecution = async () => {
  const ann = await newPerson(endpoints);
  const { id } = await ann.client.createGeneration({ body: ORDER });
  await ended(ann, id);
  await endedExecution(endpoints, `${id}-1`);
  return { name: `${id}-1`, arn: executionArn(endpoints, `${id}-1`) };
};

describe("Step Functions", () => {
  test("lists the machine with the definition that was synthesised", async () => {
    const { stateMachines } = await sfn.send(new ListStateMachinesCommand({}));
    expect(stateMachines?.map((machine) => machine.stateMachineArn)).toEqual([stateMachineArn]);
    const machine = await sfn.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(JSON.parse(machine.definition ?? "").StartAt).toBe("ReserveCredits");
  });

  test("redrives what failed from the state where it did, and tells so; what succeeded it does not", async () => {
    const name = `no-run-${Date.now()}`;
    const { executionArn: arn = "" } = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, name, input: '{"nothing":"of ours"}' }),
    );
    const describe = () => sfn.send(new DescribeExecutionCommand({ executionArn: arn }));
    await expect.poll(async () => (await describe()).status, { timeout: 60_000 }).toBe("FAILED");
    expect(await describe()).toMatchObject({ redriveCount: 0, redriveStatus: "REDRIVABLE" });

    const { redriveDate } = await sfn.send(new RedriveExecutionCommand({ executionArn: arn }));
    expect(redriveDate?.getTime()).toBeGreaterThan(0);
    await expect.poll(async () => (await describe()).status, { timeout: 60_000 }).toBe("FAILED");
    expect(await describe()).toMatchObject({ redriveCount: 1, redriveDate });
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn: arn }));
    const at = events.findIndex(({ type }) => type === "ExecutionRedriven");
    expect(events[at]?.executionRedrivenEventDetails).toEqual({ redriveCount: 1 });
    expect(events[at - 1]?.type).toBe("ExecutionFailed");
    expect(events.at(-1)?.type).toBe("ExecutionFailed");
    expect(events.map(({ id }) => id)).toEqual(events.map((_, n) => n + 1));

    const done = await anExecution();
    const again = sfn.send(new RedriveExecutionCommand({ executionArn: done.arn }));
    await expect(again).rejects.toThrow(ExecutionNotRedrivable);
  });

  test("lists executions newest first, page by page, each once", async () => {
    const made = [await anExecution(), await anExecution(), await anExecution()];
    const seen: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await sfn.send(
        new ListExecutionsCommand({ stateMachineArn, maxResults: 2, nextToken, statusFilter: "SUCCEEDED" }),
      );
      expect(page.executions?.length).toBeLessThanOrEqual(2);
      seen.push(...(page.executions ?? []).map((execution) => execution.name ?? ""));
      nextToken = page.nextToken;
    } while (nextToken);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.filter((name) => made.some((one) => one.name === name))).toEqual(
      made.map(({ name }) => name).reverse(),
    );
  });

  test("a history reads the same in pages, and backwards; each event follows from an earlier one", async () => {
    const { arn } = await anExecution();
    const { events } = await endedExecution(endpoints, arn.split(":").at(-1) ?? "");
    expect(events[0]?.type).toBe("ExecutionStarted");
    expect(events.at(-1)?.type).toBe("ExecutionSucceeded");
    expect(events.map(({ id }) => id)).toEqual(events.map((_, at) => at + 1));
    for (const { id = 0, previousEventId = 0 } of events) expect(previousEventId).toBeLessThan(id);

    const backwards: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await sfn.send(
        new GetExecutionHistoryCommand({ executionArn: arn, reverseOrder: true, maxResults: 7, nextToken }),
      );
      backwards.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken);
    expect(backwards.reverse()).toEqual(events);
    const machine = await sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn: arn }));
    expect(machine.stateMachineArn).toBe(stateMachineArn);
  });

  test("a name is used once: an ended execution is not started again, and stopping it changes nothing", async () => {
    const { name, arn } = await anExecution();
    const again = new StartExecutionCommand({ stateMachineArn, name, input: "{}" });
    await expect(sfn.send(again)).rejects.toBeInstanceOf(ExecutionAlreadyExists);
    await sfn.send(new StopExecutionCommand({ executionArn: arn, error: "late", cause: "late" }));
    expect((await endedExecution(endpoints, name)).status).toBe("SUCCEEDED");
  });

  test("what is not there is refused by its own name", async () => {
    const executionMissing = new GetExecutionHistoryCommand({
      executionArn: executionArn(endpoints, "nope"),
    });
    await expect(sfn.send(executionMissing)).rejects.toBeInstanceOf(ExecutionDoesNotExist);
    const machineMissing = new StartExecutionCommand({ stateMachineArn: `${stateMachineArn}x` });
    await expect(sfn.send(machineMissing)).rejects.toBeInstanceOf(StateMachineDoesNotExist);
  });
});

describe("Lambda", () => {
  const call = (FunctionName: string, more: object = {}) =>
    lambda.send(new InvokeCommand({ FunctionName, Payload: Buffer.from("{}"), ...more }));

  test("invokes a function by name and by ARN, and answers what it returned", async () => {
    const arn = `${stateMachineArn.replace(":states:", ":lambda:").replace(/stateMachine:.*/, "function:")}imgpilot-local-dispatch`;
    for (const name of ["imgpilot-local-dispatch", arn]) {
      const { StatusCode, Payload, FunctionError } = await call(name);
      expect({ StatusCode, FunctionError }).toEqual({ StatusCode: 200, FunctionError: undefined });
      expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatchObject({ failed: 0 });
    }
  });

  test("a function that throws answers its error, by name", async () => {
    const { FunctionError, Payload } = await call("imgpilot-local-submit-image");
    expect(FunctionError).toBe("Unhandled");
    expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toMatchObject({
      errorType: expect.any(String),
    });
  });

  test("takes an event and answers at once; knows no function that is not deployed", async () => {
    expect((await call("imgpilot-local-sweep", { InvocationType: "Event" })).StatusCode).toBe(202);
    await expect(call("nope")).rejects.toBeInstanceOf(ResourceNotFoundException);
  });
});

test("schedules are listed and can be run now", async () => {
  const schedules = (await (await fetch(`${endpoints.aws}/_local/schedules`)).json()) as {
    functions: string[];
  }[];
  expect(schedules.flatMap(({ functions }) => functions)).toContain("imgpilot-local-sweep");
  const run = await fetch(`${endpoints.aws}/_local/schedules/imgpilot-local-sweep`, { method: "POST" });
  expect(await run.json()).toEqual([expect.objectContaining({ function: "imgpilot-local-sweep", ok: true })]);
});
