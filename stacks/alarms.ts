import type { IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { Alarm, ComparisonOperator, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Duration } from "aws-cdk-lib/core";
import { type StackContext, use } from "sst/constructs";
import { Jobs } from "./jobs.ts";
import { Workflow } from "./workflow.ts";

/** What an operator is told of. Refusals are no faults and end in Succeed (rule 11), so one failed execution is one too many. */
export function Alarms({ stack }: StackContext) {
  const { machine } = use(Workflow);
  const { undelivered } = use(Jobs);
  const operators = new Topic(stack, "operators", { topicName: `imgpilot-${stack.stage}-operators` });

  const tell = (name: string, alarmDescription: string, metric: IMetric) =>
    new Alarm(stack, name, {
      alarmName: `imgpilot-${stack.stage}-${name}`,
      alarmDescription,
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }).addAlarmAction(new SnsAction(operators));

  const period = Duration.minutes(5);
  tell("generations-failed", "An execution failed: see its history.", machine.metricFailed({ period }));
  tell("generations-timed-out", "An execution ran out of time.", machine.metricTimedOut({ period }));
  tell(
    "events-undelivered",
    "The end of an execution was not handled; the sweeper settles its run. Look at why.",
    undelivered.metricApproximateNumberOfMessagesVisible({ period }),
  );
}
