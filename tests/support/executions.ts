import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { until } from "./person.ts";

type Where = { readonly aws: string; readonly stateMachineArn: string };

export const sfnAt = ({ aws }: Where): SFNClient =>
  new SFNClient({
    endpoint: aws,
    region: "eu-west-1",
    credentials: { accessKeyId: "local", secretAccessKey: "local" },
  });

export const executionArn = ({ stateMachineArn }: Where, runId: string): string =>
  `${stateMachineArn.replace(":stateMachine:", ":execution:")}:${runId}`;

/** The execution of a run once it has ended, with its whole history, read with AWS's own client. */
export async function endedExecution(where: Where, runId: string) {
  const client = sfnAt(where);
  const arn = executionArn(where, runId);
  const execution = await until(
    `execution ${runId} to end`,
    () => client.send(new DescribeExecutionCommand({ executionArn: arn })),
    ({ status }) => status !== "RUNNING",
  );
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(new GetExecutionHistoryCommand({ executionArn: arn, nextToken }));
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  const entered = events.flatMap((event) => event.stateEnteredEventDetails?.name ?? []);
  return { status: execution.status, output: JSON.parse(execution.output ?? "null"), events, entered };
}
