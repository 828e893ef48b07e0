import { LocalCloudError } from "../errors.ts";
import { readDistribution } from "./distribution.ts";
import { readFunctions } from "./functions.ts";
import { readHttpApi } from "./http-api.ts";
import { physicalName } from "./intrinsics.ts";
import type { Assembly, FunctionSpec } from "./model.ts";
import { readRules } from "./rules.ts";
import { readStateMachines } from "./state-machines.ts";
import { readTemplates, resourcesOf } from "./templates.ts";

/**
 * Reads what `sst build` wrote (`.sst/dist`).
 * @param boundNames the variables the local cloud will supply; see `bindEnvironment`
 * @throws LocalCloudError, in one line, when the assembly is missing or says something that has no local meaning
 */
export function readAssembly(dir: string, boundNames: ReadonlySet<string>): Assembly {
  const templates = readTemplates(dir);
  const assembly: Assembly = {
    account: templates.account,
    region: templates.region,
    functions: readFunctions(templates, boundNames),
    stateMachines: readStateMachines(templates),
    api: readHttpApi(templates),
    distribution: readDistribution(templates),
    rules: readRules(templates),
    buckets: resourcesOf(templates, "AWS::S3::Bucket").map(({ stack, logicalId }) =>
      physicalName(logicalId, { templates, stack }),
    ),
  };
  refuseDoubleNames(assembly.functions);
  refuseStrangers(assembly);
  return assembly;
}

/** The functions something calls: a route, a rule or a state machine. */
export function calledFunctions(assembly: Assembly): FunctionSpec[] {
  const called = new Set(calls(assembly).map(({ arn }) => arn));
  return assembly.functions.filter((spec) => called.has(spec.arn));
}

/**
 * The environment of a function: what its template says, with the variables it declares and we supply. One that
 * it does not declare is not given: a binding forgotten in the stacks must fail here as it would on AWS.
 */
export function bindEnvironment(spec: FunctionSpec, bindings: Readonly<Record<string, string>>) {
  const supplied = spec.bound.map((name) => {
    const value = bindings[name];
    if (value === undefined) {
      throw new LocalCloudError(
        `Function ${spec.name} is given ${name}, for which the local cloud has no value.`,
      );
    }
    return [name, value] as const;
  });
  return { ...spec.environment, ...Object.fromEntries(supplied) };
}

function calls(assembly: Assembly): { who: string; arn: string }[] {
  const machines = assembly.stateMachines.flatMap((machine) =>
    [...machine.definition.matchAll(/arn:aws:lambda:[\w-]+:\d+:function:[\w-]+/g)].map(([arn]) => ({
      who: `State machine ${machine.name}`,
      arn,
    })),
  );
  const routes = (assembly.api?.routes ?? []).map((route) => ({
    who: `Route ${route.key}`,
    arn: route.functionArn,
  }));
  const rules = assembly.rules.flatMap((rule) =>
    rule.targets.map((target) => ({ who: `Rule ${rule.name}`, arn: target.functionArn })),
  );
  return [...machines, ...routes, ...rules];
}

function refuseStrangers(assembly: Assembly): void {
  const known = new Set(assembly.functions.map((spec) => spec.arn));
  const stranger = calls(assembly).find(({ arn }) => !known.has(arn));
  if (stranger) throw new LocalCloudError(`${stranger.who} calls ${stranger.arn}, which has no bundle.`);
}

function refuseDoubleNames(functions: readonly FunctionSpec[]): void {
  const names = functions.map((spec) => spec.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice) throw new LocalCloudError(`Two functions are called ${twice}; give one of them a functionName.`);
}
