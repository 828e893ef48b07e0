import { randomUUID } from "node:crypto";
import type { StateMachineSpec } from "../assembly/model.ts";
import type { Engine } from "./engine.ts";
import { executionDoesNotExist, invalid, stateMachineDoesNotExist } from "./errors.ts";
import type { ExecutionRow, HistoryRow, Status } from "./execution-store.ts";
import { withoutData } from "./history.ts";
import { whyNotRedrivable } from "./redrive.ts";
import {
  executionArnOf,
  inputOf,
  machineArnOf,
  nameOf,
  pageSizeOf,
  pageToken,
  placeOf,
  type Request,
  textOf,
} from "./requests.ts";

/** One operation of the Step Functions API: request to response, or a StatesApiError. */
export type Operation = (engine: Engine, request: Request) => Record<string, unknown>;

const STATUSES: readonly Status[] = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"];

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  StartExecution: (engine, request) => {
    const machine = findMachine(engine, machineArnOf(request));
    const row = engine.start(machine, nameOf(request) ?? randomUUID(), inputOf(request));
    return { executionArn: row.arn, startDate: seconds(row.startedMs) };
  },
  StopExecution: (engine, request) => {
    const row = findExecution(engine, request);
    engine.stop(row, textOf(request, "error", 256), textOf(request, "cause", 32_768));
    return { stopDate: seconds(engine.store.find(row.arn)?.stoppedMs ?? Date.now()) };
  },
  RedriveExecution: (engine, request) => {
    const row = engine.redrive(findExecution(engine, request));
    return { redriveDate: seconds(row.redriveMs ?? Date.now()) };
  },
  DescribeExecution: (engine, request) => describeExecution(findExecution(engine, request)),
  GetExecutionHistory: getExecutionHistory,
  ListExecutions: listExecutions,
  ListStateMachines: (engine) => ({
    stateMachines: [...engine.machines.values()].map((machine) => summarise(engine, machine)),
  }),
  DescribeStateMachine: (engine, request) => {
    const machine = findMachine(engine, machineArnOf(request));
    return { ...summarise(engine, machine), ...detailsOf(machine), status: "ACTIVE" };
  },
  DescribeStateMachineForExecution: (engine, request) => {
    const row = findExecution(engine, request);
    const machine = engine.store.definition(row.definitionId);
    return {
      name: machine.name,
      stateMachineArn: machine.arn,
      ...detailsOf(machine),
      updateDate: seconds(engine.createdMs),
    };
  },
};

function describeExecution(row: ExecutionRow): Record<string, unknown> {
  const { output, error, cause } = row;
  const why = whyNotRedrivable(row, Date.now());
  return {
    ...summariseExecution(row),
    input: row.input,
    inputDetails: { included: true },
    ...(output === null ? {} : { output, outputDetails: { included: true } }),
    ...(error === null ? {} : { error }),
    ...(cause === null ? {} : { cause }),
    redriveStatus: why === null ? "REDRIVABLE" : "NOT_REDRIVABLE",
    ...(why === null ? {} : { redriveStatusReason: why }),
  };
}

function summariseExecution(row: ExecutionRow) {
  return {
    executionArn: row.arn,
    stateMachineArn: row.machineArn,
    name: row.name,
    status: row.status,
    startDate: seconds(row.startedMs),
    ...(row.stoppedMs === null ? {} : { stopDate: seconds(row.stoppedMs) }),
    redriveCount: row.redriveCount,
    ...(row.redriveMs === null ? {} : { redriveDate: seconds(row.redriveMs) }),
  };
}

const isEventPlace = (place: unknown): place is { id: number } =>
  Number.isInteger((place as { id?: unknown })?.id);

function getExecutionHistory(engine: Engine, request: Request) {
  const row = findExecution(engine, request);
  const isReversed = request.reverseOrder === true;
  const size = pageSizeOf(request);
  const start = placeOf(request, isEventPlace)?.id ?? (isReversed ? Number.MAX_SAFE_INTEGER : 0);
  const found = engine.store.history(row.arn, start, size + 1, isReversed);
  const page = found.slice(0, size);
  return {
    events: page.map((event) => asEvent(event, request.includeExecutionData !== false)),
    ...(found.length > size ? { nextToken: pageToken({ id: page.at(-1)?.id ?? 0 }) } : {}),
  };
}

function asEvent({ id, previousId, type, atMs, details }: HistoryRow, includesData: boolean) {
  const parsed = JSON.parse(details) as Record<string, Record<string, unknown>>;
  return {
    id,
    previousEventId: previousId,
    type,
    timestamp: seconds(atMs),
    ...(includesData ? parsed : withoutData(parsed)),
  };
}

const isExecutionPlace = (place: unknown): place is { startedMs: number; arn: string } =>
  typeof (place as { arn?: unknown })?.arn === "string" &&
  Number.isInteger((place as { startedMs?: unknown }).startedMs);

function listExecutions(engine: Engine, request: Request) {
  const machine = findMachine(engine, machineArnOf(request));
  const status = (request.statusFilter ?? null) as Status | null;
  if (status !== null && !STATUSES.includes(status)) {
    throw invalid(
      `1 validation error detected: Value '${status}' at 'statusFilter' must be one of ${STATUSES.join(", ")}`,
    );
  }
  const size = pageSizeOf(request);
  const found = engine.store.list(machine.arn, status, placeOf(request, isExecutionPlace), size + 1);
  const page = found.slice(0, size);
  const last = page.at(-1);
  return {
    executions: page.map(summariseExecution),
    ...(found.length > size && last
      ? { nextToken: pageToken({ startedMs: last.startedMs, arn: last.arn }) }
      : {}),
  };
}

function findMachine(engine: Engine, arn: string): StateMachineSpec {
  const machine = engine.machines.get(arn);
  if (!machine) throw stateMachineDoesNotExist(arn);
  return machine;
}

function findExecution(engine: Engine, request: Request): ExecutionRow {
  const arn = executionArnOf(request);
  const row = engine.store.find(arn);
  if (!row) throw executionDoesNotExist(arn);
  return row;
}

function summarise(engine: Engine, machine: StateMachineSpec) {
  const creationDate = seconds(engine.createdMs);
  return { stateMachineArn: machine.arn, name: machine.name, type: "STANDARD", creationDate };
}

function detailsOf(machine: StateMachineSpec) {
  return { definition: machine.definition, roleArn: machine.roleArn };
}

/** The API counts in seconds, with fractions. */
const seconds = (ms: number) => ms / 1000;
