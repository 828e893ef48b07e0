import type { Workflow } from "@imgpilot/core/runs/workflow";
import { runtime } from "../runtime.ts";
import { lazily } from "./lazily.ts";

export const workflow: Workflow = lazily(async () => {
  const { createStepFunctionsWorkflow } = await import("@imgpilot/adapters/step-functions-workflow");
  return createStepFunctionsWorkflow({ stateMachineArn: runtime().setting("GENERATION_WORKFLOW_ARN") });
});
