import type { HistoryEvent } from "@aws-sdk/client-sfn";
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  GetExecutionHistoryCommand,
  RedriveExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { Workflow } from "@imgpilot/core/runs/workflow";

export type StepFunctionsConfig = {
  /** `arn:aws:states:<region>:<account>:stateMachine:<name>` */
  readonly stateMachineArn: string;
  /** Absent: `AWS_ENDPOINT_URL_SFN`, else AWS, as the SDK finds it. */
  readonly endpoint?: string;
};

const CAUSE_MAX_CHARACTERS = 32_768;

/** Runs as Step Functions executions named by their run's id, so that starting twice starts once. */
export function createStepFunctionsWorkflow({ stateMachineArn, endpoint }: StepFunctionsConfig): Workflow {
  const executions = executionPrefix(stateMachineArn);
  const client = new SFNClient({
    ...(endpoint ? { endpoint } : {}),
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 },
  });
  const executionArn = (runId: string) => `${executions}:${runId}`;
  return {
    async start(run) {
      const input = JSON.stringify(run);
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name: run.runId, input }));
      } catch (error) {
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
    async stop(runId, cause) {
      const stop = {
        executionArn: executionArn(runId),
        error: "run.closed",
        cause: cause.slice(0, CAUSE_MAX_CHARACTERS),
      };
      try {
        await client.send(new StopExecutionCommand(stop));
      } catch (error) {
        if (!(error instanceof ExecutionDoesNotExist)) throw error;
      }
    },
    failedIn: (runId) => failedIn(client, executionArn(runId)),
    async redrive(runId) {
      await client.send(new RedriveExecutionCommand({ executionArn: executionArn(runId) }));
    },
    async state(runId) {
      try {
        const { status } = await client.send(
          new DescribeExecutionCommand({ executionArn: executionArn(runId) }),
        );
        return status === "RUNNING" || status === "PENDING_REDRIVE" ? "running" : "ended";
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return "absent";
        throw error;
      }
    },
  };
}

async function failedIn(client: SFNClient, executionArn: string): Promise<string | null> {
  try {
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== "FAILED") return null;
    const newestFirst = { executionArn, reverseOrder: true, includeExecutionData: false };
    const { events = [] } = await client.send(new GetExecutionHistoryCommand(newestFirst));
    return events.find(isEntered)?.stateEnteredEventDetails?.name ?? null;
  } catch (error) {
    if (error instanceof ExecutionDoesNotExist) return null;
    throw error;
  }
}

const isEntered = ({ type }: HistoryEvent) => type?.endsWith("StateEntered") ?? false;

function executionPrefix(stateMachineArn: string): string {
  const prefix = stateMachineArn.replace(":stateMachine:", ":execution:");
  if (prefix === stateMachineArn) throw new Error(`not the ARN of a state machine: ${stateMachineArn}`);
  return prefix;
}
