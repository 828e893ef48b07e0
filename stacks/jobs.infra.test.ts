import { resourcesOf } from "@imgpilot/localcloud/assembly/templates";
import { synthesised } from "@imgpilot/testkit/assembly";
import { expect, test } from "vitest";
import { AUDIT_SECONDS, JOB_SECONDS } from "./times.ts";

const { assembly, templates, functions, machine } = synthesised();
const nameOf = (arn: string | undefined) => arn?.split(":imgpilot-local-").at(-1);

test("the nets and the queue run every minute, and what is slower than its period does not pile up", () => {
  const scheduled = assembly.rules.filter(({ schedule }) => schedule);
  expect(
    Object.fromEntries(scheduled.map(({ targets, schedule }) => [nameOf(targets[0]?.functionArn), schedule])),
  ).toEqual({
    dispatch: "rate(1 minute)",
    sweep: "rate(1 minute)",
    "remove-objects": "rate(1 minute)",
    "send-mail": "rate(1 minute)",
    "expire-credits": "rate(5 minutes)",
    forget: "rate(5 minutes)",
    audit: "rate(1 hour)",
  });
  expect(JOB_SECONDS).toBeLessThan(60);
  expect(AUDIT_SECONDS).toBeLessThan(3_600);
  for (const { targets } of scheduled) {
    const name = nameOf(targets[0]?.functionArn) ?? "";
    const timeoutSeconds = name === "audit" ? AUDIT_SECONDS : JOB_SECONDS;
    expect(functions.get(name)).toMatchObject({ timeoutSeconds, asyncRetries: 0 });
  }
});

test("every end of an execution of our machine, and of no other, reaches execution-ended (rule 9)", () => {
  const [rule, ...others] = assembly.rules.filter(({ pattern }) => pattern);
  expect(others).toEqual([]);
  expect(rule?.pattern).toEqual({
    source: ["aws.states"],
    "detail-type": ["Step Functions Execution Status Change"],
    detail: { stateMachineArn: [machine.arn], status: ["SUCCEEDED", "FAILED", "ABORTED", "TIMED_OUT"] },
  });
  expect(rule?.targets.map(({ functionArn }) => nameOf(functionArn))).toEqual(["execution-ended"]);
});

test("an end that cannot be handed over or handled is kept where the alarm looks", () => {
  const [queue] = resourcesOf(templates, "AWS::SQS::Queue");
  expect(queue?.properties.QueueName).toBe("imgpilot-local-undelivered-events");
  const [target] = assembly.rules.flatMap(({ pattern, targets }) => (pattern ? targets : []));
  expect(target?.deadLetterArn).toMatch(/:imgpilot-local-undelivered-events$/);

  const [handler] = resourcesOf(templates, "AWS::Lambda::Function").filter(
    ({ properties }) => properties.FunctionName === "imgpilot-local-execution-ended",
  );
  expect(JSON.stringify(handler?.properties.DeadLetterConfig)).toContain(queue?.logicalId);
  const alarms = resourcesOf(templates, "AWS::CloudWatch::Alarm").map(({ properties }) => properties);
  expect(alarms.map(({ MetricName }) => MetricName).sort()).toEqual([
    "ApproximateNumberOfMessagesVisible",
    "AuditFindings",
    "AuditFindings",
    "Errors",
    "ExecutionsFailed",
    "ExecutionsTimedOut",
    "MailsGivenUp",
  ]);
  for (const alarm of alarms) expect(alarm.AlarmActions).toHaveLength(1);
});

test("L3: books that do not balance, an audit that fails and one that never ends are each an alarm", () => {
  const alarms = resourcesOf(templates, "AWS::CloudWatch::Alarm").map(({ properties }) => properties);
  const [audit] = resourcesOf(templates, "AWS::Lambda::Function").filter(
    ({ properties }) => properties.FunctionName === "imgpilot-local-audit",
  );
  const about = (name: string) => alarms.find(({ AlarmName }) => AlarmName === `imgpilot-local-${name}`);
  const Dimensions = [{ Name: "stage", Value: "local" }];
  const findings = { Namespace: "ImgPilot", MetricName: "AuditFindings", Threshold: 1, Dimensions };
  const atLeast = "GreaterThanOrEqualToThreshold";
  expect(about("books-wrong")).toMatchObject({
    ...findings,
    Statistic: "Maximum",
    ComparisonOperator: atLeast,
  });
  expect(about("audit-missing")).toMatchObject({
    ...findings,
    Statistic: "SampleCount",
    Period: 7_200,
    ComparisonOperator: "LessThanThreshold",
    TreatMissingData: "breaching",
  });
  expect(about("audit-failed")).toMatchObject({ MetricName: "Errors", ComparisonOperator: atLeast });
  for (const name of ["books-wrong", "audit-missing", "audit-failed"])
    expect(about(name)?.AlarmActions).toHaveLength(1);
  expect(JSON.stringify(about("audit-failed")?.Dimensions)).toContain(audit?.logicalId);
});
