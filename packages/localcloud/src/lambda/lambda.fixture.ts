import path from "node:path";
import { type FunctionFixture, writeAssembly } from "../assembly/assembly.fixture.ts";
import { readAssembly } from "../assembly/read-assembly.ts";
import { createLambda, type LambdaOptions } from "./lambda.ts";

/** Functions written for a test, in real sandboxes. */
export function lambdaWith(
  functions: Readonly<Record<string, FunctionFixture>>,
  options: Partial<LambdaOptions> = {},
) {
  const dir = writeAssembly({ functions });
  const logDir = path.join(dir, "logs");
  const lambda = createLambda({
    functions: readAssembly(dir, new Set()).functions,
    environmentOf: (spec) => ({ ...spec.environment }),
    logDir,
    log: () => {},
    ...options,
  });
  return { lambda, logDir };
}
