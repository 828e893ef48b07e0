import { LocalCloudError } from "../errors.ts";
import { physicalName, resolve, resolveText } from "./intrinsics.ts";
import type { RuleSpec, TargetSpec } from "./model.ts";
import { type JsonObject, resourcesOf, type Scope, type Templates } from "./templates.ts";

/** EventBridge rules that are enabled: schedules (SST's `Cron` makes one) and event patterns. */
export function readRules(templates: Templates): RuleSpec[] {
  return resourcesOf(templates, "AWS::Events::Rule")
    .filter(({ properties }) => properties.State !== "DISABLED")
    .map(({ stack, logicalId, properties }) => {
      const scope = { templates, stack };
      const pattern = properties.EventPattern;
      const schedule = properties.ScheduleExpression;
      return {
        name: physicalName(logicalId, scope),
        logicalId,
        schedule: schedule === undefined ? null : resolveText(schedule, scope),
        pattern: pattern === undefined ? null : (resolve(pattern, scope) as JsonObject),
        targets: ((properties.Targets ?? []) as JsonObject[]).map((target) =>
          readTarget(target, logicalId, scope),
        ),
      };
    });
}

/** What a target may say here. Anything else would change what is delivered, so it is refused. */
const UNDERSTOOD = new Set(["Arn", "Id", "Input", "RetryPolicy", "DeadLetterConfig"]);

function readTarget(target: JsonObject, rule: string, scope: Scope): TargetSpec {
  const stranger = Object.keys(target).find((key) => !UNDERSTOOD.has(key));
  if (stranger)
    throw new LocalCloudError(`Rule ${rule} has a target with ${stranger}, which the local cloud ignores.`);
  const functionArn = resolveText(target.Arn, scope);
  if (!functionArn.includes(":lambda:")) {
    throw new LocalCloudError(`Rule ${rule} calls ${functionArn}; the local cloud calls functions only.`);
  }
  const deadLetter = target.DeadLetterConfig as JsonObject | undefined;
  return {
    id: String(target.Id),
    functionArn,
    input: target.Input === undefined ? null : resolveText(target.Input, scope),
    deadLetterArn: deadLetter === undefined ? null : resolveText(deadLetter.Arn, scope),
  };
}
