import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { DefinitionBody, LogLevel, StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { ArnFormat, Duration } from "aws-cdk-lib/core";
import type { Stack, StackContext } from "sst/constructs";
import { type LambdaProps, LOG_RETENTION, lambda, type Need } from "./lambda.ts";
import { storage } from "./storage.ts";
import { MACHINE_SECONDS, STEP_SECONDS, type Step } from "./times.ts";
import { vendors } from "./vendors.ts";
import { generation } from "./workflow.definition.ts";

/** The generation workflow: one Lambda a step, each given only what that step touches. */
export function Workflow({ stack }: StackContext) {
  const { database, cache, objects } = storage(stack);
  const { providers } = vendors(stack);
  const settles = { needs: [database], memoryMegabytes: 256 };
  const steps: Record<Step, Pick<LambdaProps, "needs" | "memoryMegabytes" | "drawsOnSharp">> = {
    "reserve-credits": settles,
    // References and what a provider sends are held in memory, some of it as base64.
    "submit-image": { needs: [database, cache, objects, providers], memoryMegabytes: 1_024 },
    "poll-image": { needs: [database, cache, objects, providers], memoryMegabytes: 1_024 },
    "store-image": { needs: [database, objects], memoryMegabytes: 3_008, drawsOnSharp: true },
    "commit-credits": settles,
    "refund-credits": settles,
  };

  const machine = new StateMachine(stack, "generation", {
    stateMachineName: machineName(stack),
    timeout: Duration.seconds(MACHINE_SECONDS),
    definitionBody: DefinitionBody.fromChainable(
      generation(stack, (step) =>
        lambda(stack, step, { file: `workflow/${step}`, seconds: STEP_SECONDS[step].lambda, ...steps[step] }),
      ),
    ),
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(stack, "generation-logs", {
        logGroupName: `/aws/vendedlogs/states/${machineName(stack)}`,
        retention: LOG_RETENTION,
      }),
      level: LogLevel.ERROR,
      includeExecutionData: true,
    },
  });
  stack.addOutputs({ GenerationWorkflow: machine.stateMachineArn });
  return { machine };
}

const machineName = (stack: Stack) => `imgpilot-${stack.stage}-generation`;

/** From the name, not from the construct, so that the machine's own steps could be given it without a cycle. */
export const machineArn = (stack: Stack) =>
  stack.formatArn({
    service: "states",
    resource: "stateMachine",
    resourceName: machineName(stack),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

const executionArns = (stack: Stack) =>
  stack.formatArn({
    service: "states",
    resource: "execution",
    resourceName: `${machineName(stack)}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });

type Act = "start" | "stop" | "describe";

/** What a function needs to act on executions of the generation workflow. */
export function executions(stack: Stack, ...acts: Act[]): Need {
  const statements: Record<Act, PolicyStatement> = {
    start: new PolicyStatement({ actions: ["states:StartExecution"], resources: [machineArn(stack)] }),
    stop: new PolicyStatement({ actions: ["states:StopExecution"], resources: [executionArns(stack)] }),
    describe: new PolicyStatement({
      actions: ["states:DescribeExecution"],
      resources: [executionArns(stack)],
    }),
  };
  return {
    environment: { GENERATION_WORKFLOW_ARN: machineArn(stack) },
    permissions: acts.map((act) => statements[act]),
  };
}
