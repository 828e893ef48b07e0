import { existsSync } from "node:fs";
import path from "node:path";
import { arnOf, physicalName, resolve, resolveText } from "./intrinsics.ts";
import type { FunctionSpec } from "./model.ts";
import { type JsonObject, resourcesOf, type Scope, type Templates } from "./templates.ts";

/** Lambda's own defaults where a template says nothing. */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MB = 128;
const DEFAULT_ASYNC_RETRIES = 2;

/** A variable SST fills from its secret store at run time, unless something else stands there. */
const FETCHED_SECRET = "__FETCH_FROM_SSM__";

/**
 * The functions whose bundle the assembly holds. CDK's and SST's own helpers, which only a deployment runs, are left
 * out, and whatever calls one of them is refused when it is read.
 */
export function readFunctions(templates: Templates, boundNames: ReadonlySet<string>): FunctionSpec[] {
  const retries = asyncRetries(templates);
  return resourcesOf(templates, "AWS::Lambda::Function").flatMap(({ stack, logicalId, properties }) => {
    const scope = { templates, stack };
    const bundle = findBundle(properties, templates.dir);
    if (!bundle || isHelper(logicalId, scope)) return [];
    const name = physicalName(logicalId, scope);
    return [
      {
        name,
        arn: arnOf(logicalId, scope),
        ...bundle,
        timeoutSeconds: Number(properties.Timeout ?? DEFAULT_TIMEOUT_SECONDS),
        memoryMb: Number(properties.MemorySize ?? DEFAULT_MEMORY_MB),
        ...readEnvironment(properties, scope, boundNames),
        reservedConcurrency:
          properties.ReservedConcurrentExecutions === undefined
            ? null
            : Number(properties.ReservedConcurrentExecutions),
        asyncRetries: retries.get(name) ?? DEFAULT_ASYNC_RETRIES,
      },
    ];
  });
}

/** SST gives one to every stack, used or not; CDK's are named by the custom resources that they serve. */
function isHelper(logicalId: string, { stack }: Scope): boolean {
  if (logicalId.startsWith("CustomResourceHandler")) return true;
  return Object.values(stack.template.Resources).some(({ Properties }) => {
    const token = (Properties?.ServiceToken as JsonObject | undefined)?.["Fn::GetAtt"];
    return Array.isArray(token) && token[0] === logicalId;
  });
}

/** `Code.S3Key` is `<hash>.zip`; CDK staged the same files, not zipped, under `asset.<hash>`. */
function findBundle(properties: JsonObject, dir: string): { file: string; exportName: string } | null {
  const key = (properties.Code as JsonObject | undefined)?.S3Key;
  const handler = properties.Handler;
  if (typeof key !== "string" || typeof handler !== "string") return null;
  const dot = handler.lastIndexOf(".");
  const stem = path.join(dir, `asset.${key.replace(/\.zip$/, "")}`, handler.slice(0, dot));
  const file = [".mjs", ".cjs", ".js"].map((extension) => stem + extension).find((file) => existsSync(file));
  return file ? { file: path.resolve(file), exportName: handler.slice(dot + 1) } : null;
}

function readEnvironment(properties: JsonObject, scope: Scope, boundNames: ReadonlySet<string>) {
  const variables = (properties.Environment as JsonObject | undefined)?.Variables as JsonObject | undefined;
  const environment: Record<string, string> = {};
  const bound: string[] = [];
  for (const [name, value] of Object.entries(variables ?? {})) {
    // A bound variable is not resolved: what it would be on AWS may have no meaning here.
    if (boundNames.has(name) || value === FETCHED_SECRET) bound.push(name);
    else environment[name] = resolveText(value, scope);
  }
  return { environment, bound };
}

function asyncRetries(templates: Templates): Map<string, number> {
  const configured = resourcesOf(templates, "AWS::Lambda::EventInvokeConfig").flatMap(
    ({ stack, properties }) => {
      const retries = properties.MaximumRetryAttempts;
      if (retries === undefined) return [];
      return [
        [String(resolve(properties.FunctionName ?? null, { templates, stack })), Number(retries)] as const,
      ];
    },
  );
  return new Map(configured);
}
