import path from "node:path";
import { readAssembly } from "@imgpilot/localcloud/assembly/read-assembly";
import { readTemplates } from "@imgpilot/localcloud/assembly/templates";
import type { Definition } from "./state-machine.ts";

const dir = path.resolve(import.meta.dirname, "../../../.sst/dist");

/**
 * What `npm run synth` wrote, which is what is deployed and what the local cloud runs: freed of CloudFormation, and as
 * templates for what only AWS looks at.
 */
export function synthesised() {
  const assembly = readAssembly(dir, new Set());
  const [machine, ...others] = assembly.stateMachines;
  if (!machine || others.length > 0)
    throw new Error("the assembly has one state machine, the generation workflow");
  return {
    assembly,
    templates: readTemplates(dir),
    machine,
    definition: JSON.parse(machine.definition) as Definition,
    /** By the name without `imgpilot-<stage>-`. */
    functions: new Map(assembly.functions.map((spec) => [spec.name.replace(/^imgpilot-local-/, ""), spec])),
  };
}
