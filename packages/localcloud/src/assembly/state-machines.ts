import { LocalCloudError } from "../errors.ts";
import { arnOf, physicalName, resolve, resolveText } from "./intrinsics.ts";
import type { StateMachineSpec } from "./model.ts";
import { type JsonObject, resourcesOf, type Templates } from "./templates.ts";

export function readStateMachines(templates: Templates): StateMachineSpec[] {
  return resourcesOf(templates, "AWS::StepFunctions::StateMachine").map(
    ({ stack, logicalId, properties }) => {
      const scope = { templates, stack };
      if (properties.DefinitionString === undefined) {
        throw new LocalCloudError(`State machine ${logicalId} has no DefinitionString (stack ${stack.id}).`);
      }
      if (properties.StateMachineType === "EXPRESS") {
        throw new LocalCloudError(
          `State machine ${logicalId} is EXPRESS; the local cloud runs STANDARD ones only.`,
        );
      }
      const substitutions = resolve(properties.DefinitionSubstitutions ?? {}, scope) as JsonObject;
      return {
        name: physicalName(logicalId, scope),
        arn: arnOf(logicalId, scope),
        roleArn: resolveText(properties.RoleArn, scope),
        definition: substitute(resolveText(properties.DefinitionString, scope), substitutions),
      };
    },
  );
}

/** `${Name}` in a definition; it always stands within a JSON string, so what replaces it is escaped as one. */
function substitute(definition: string, substitutions: JsonObject): string {
  return definition.replace(/\$\{(\w+)\}/g, (whole, name: string) =>
    name in substitutions ? JSON.stringify(String(substitutions[name])).slice(1, -1) : whole,
  );
}
