import type { AlarmProps, IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { Alarm, ComparisonOperator, Metric, Stats, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Duration } from "aws-cdk-lib/core";
import { type StackContext, use } from "sst/constructs";
import { Jobs } from "./jobs.ts";
import { Workflow } from "./workflow.ts";

/** What an operator is told of. Refusals are no faults and end in Succeed (rule 11), so one failed execution is one too many. */
export function Alarms({ stack }: StackContext) {
  const { machine } = use(Workflow);
  const { undelivered, audit } = use(Jobs);
  const operators = new Topic(stack, "operators", { topicName: `imgpilot-${stack.stage}-operators` });

  const tell = (name: string, alarmDescription: string, metric: IMetric, more?: Partial<AlarmProps>) =>
    new Alarm(stack, name, {
      alarmName: `imgpilot-${stack.stage}-${name}`,
      alarmDescription,
      metric,
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...more,
    }).addAlarmAction(new SnsAction(operators));

  const period = Duration.minutes(5);
  tell("generations-failed", "An execution failed: see its history.", machine.metricFailed({ period }));
  tell("generations-timed-out", "An execution ran out of time.", machine.metricTimedOut({ period }));
  tell(
    "events-undelivered",
    "The end of an execution was not handled; the sweeper settles its run. Look at why.",
    undelivered.metricApproximateNumberOfMessagesVisible({ period }),
  );
  tell("mails-given-up", "`mail_outbox.last_error` says why.", mailsGivenUp(stack.stage, period));

  // `jobs/audit.ts` writes it each time that it comes to its end.
  const findings = new Metric({
    namespace: "ImgPilot",
    metricName: "AuditFindings",
    dimensionsMap: { stage: stack.stage },
    period: Duration.hours(1),
    statistic: Stats.MAXIMUM,
  });
  tell("books-wrong", "The books do not balance: the audit's log says which invariant and ids.", findings);
  tell("audit-failed", "The audit failed: see its log.", audit.metricErrors({ period }));
  tell(
    "audit-missing",
    "No audit of the books came to its end for two hours, for whatever reason.",
    findings.with({ statistic: Stats.SAMPLE_COUNT, period: Duration.hours(2) }),
    {
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.BREACHING,
    },
  );
}

/** `jobs/send-mail.ts` counts them. */
const mailsGivenUp = (stage: string, period: Duration) =>
  new Metric({
    namespace: "ImgPilot",
    metricName: "MailsGivenUp",
    dimensionsMap: { stage },
    period,
    statistic: Stats.SUM,
  });
