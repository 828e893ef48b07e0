import { randomUUID } from "node:crypto";
import type { ExecutionRow } from "./execution-store.ts";
import { whyNotRedrivable } from "./redrive.ts";

/** Above this, AWS leaves input and output out of the event. */
const MAX_INCLUDED_BYTES = 248 * 1024;

/** An EventBridge event, as its targets receive it. */
export type CloudEvent = {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
};

/** "Step Functions Execution Status Change", field by field as AWS sends it. Dates are milliseconds since 1970. */
export function statusChanged(execution: ExecutionRow): CloudEvent {
  const [, , , region = "", account = ""] = execution.arn.split(":");
  const isIncluded = Buffer.byteLength(execution.input + (execution.output ?? "")) <= MAX_INCLUDED_BYTES;
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Step Functions Execution Status Change",
    source: "aws.states",
    account,
    time: `${new Date(execution.stoppedMs ?? execution.startedMs).toISOString().slice(0, 19)}Z`,
    region,
    resources: [execution.arn],
    detail: {
      executionArn: execution.arn,
      stateMachineArn: execution.machineArn,
      name: execution.name,
      status: execution.status,
      startDate: execution.startedMs,
      stopDate: execution.stoppedMs,
      input: isIncluded ? execution.input : null,
      inputDetails: { included: isIncluded },
      output: isIncluded ? execution.output : null,
      outputDetails: execution.output === null ? null : { included: isIncluded },
      error: execution.error,
      cause: execution.cause,
      redriveCount: execution.redriveCount,
      redriveDate: execution.redriveMs,
      redriveStatus: whyNotRedrivable(execution, Date.now()) === null ? "REDRIVABLE" : "NOT_REDRIVABLE",
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
    },
  };
}
