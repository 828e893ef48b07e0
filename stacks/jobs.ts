import { Rule } from "aws-cdk-lib/aws-events";
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Duration } from "aws-cdk-lib/core";
import { Cron, type Stack, type StackContext } from "sst/constructs";
import { lambda, type Need } from "./lambda.ts";
import { setting } from "./settings.ts";
import { storage } from "./storage.ts";
import { AUDIT_SECONDS, EVENT_SECONDS, JOB_SECONDS } from "./times.ts";
import { vendors } from "./vendors.ts";
import { executions, machineArn } from "./workflow.ts";

/** What happens by itself: the nets below the workflow (rule 9), the queue (rule 7), and what expires. */
export function Jobs({ stack }: StackContext) {
  const { database, objects } = storage(stack);
  const { sessions, mail } = vendors(stack);
  const site = { environment: { SITE_URL: setting(stack, "SITE_URL") } };

  const every = (schedule: `rate(${string})`, name: string, needs: Need[], seconds = JOB_SECONDS) => {
    const job = lambda(stack, name, {
      file: `jobs/${name}`,
      seconds,
      needs: [database, ...needs],
      // The next time is the retry.
      asynchronous: { retryAttempts: 0 },
    });
    new Cron(stack, `every-${name}`, { schedule, job });
    return job;
  };
  every("rate(1 minute)", "dispatch", [executions(stack, "start")]);
  every("rate(1 minute)", "sweep", [executions(stack, "start", "stop", "describe")]);
  every("rate(1 minute)", "remove-objects", [objects]);
  every("rate(1 minute)", "send-mail", [site, sessions, mail]);
  every("rate(5 minutes)", "expire-credits", []);
  every("rate(5 minutes)", "forget", []);
  const audit = every("rate(1 hour)", "audit", [], AUDIT_SECONDS);

  const undelivered = undeliveredEvents(stack);
  settleOnEnd(stack, undelivered);
  return { undelivered, audit };
}

/** Both ways of losing an event end here: EventBridge could not hand it over, or the function failed it each time. */
function undeliveredEvents(stack: Stack): Queue {
  return new Queue(stack, "undelivered-events", {
    queueName: `imgpilot-${stack.stage}-undelivered-events`,
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
}

/** The first net: an execution that ended, however it did, says so (rule 9). */
function settleOnEnd(stack: Stack, undelivered: Queue): void {
  const { database } = storage(stack);
  const executionEnded = lambda(stack, "execution-ended", {
    file: "events/execution-ended",
    seconds: EVENT_SECONDS,
    needs: [database, executions(stack, "start")],
    asynchronous: { retryAttempts: 2, maxEventAge: Duration.hours(6), deadLetterQueue: undelivered },
  });
  new Rule(stack, "on-execution-ended", {
    description:
      "An execution of the generation workflow has ended: settle its run, and start what was waiting.",
    eventPattern: {
      source: ["aws.states"],
      detailType: ["Step Functions Execution Status Change"],
      detail: {
        stateMachineArn: [machineArn(stack)],
        status: ["SUCCEEDED", "FAILED", "ABORTED", "TIMED_OUT"],
      },
    },
    targets: [
      new LambdaFunction(executionEnded, {
        retryAttempts: 20,
        maxEventAge: Duration.hours(6),
        deadLetterQueue: undelivered,
      }),
    ],
  });
}
