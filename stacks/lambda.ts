import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import type { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { type Config, type FunctionProps, Function as Lambda, type Stack } from "sst/constructs";
import { LOCAL } from "./settings.ts";

/** What a function must be given to reach one thing: least privilege is the list of its needs. */
export type Need = {
  readonly secrets?: readonly Config.Secret[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly permissions?: readonly PolicyStatement[];
};

/** Below `packages/functions/src`, without extension; or any other handler, as SST names it. */
type Code = { readonly file: string } | { readonly handler: string };

export type LambdaProps = Code & {
  readonly seconds: number;
  readonly memoryMegabytes?: number;
  readonly needs: readonly Need[];
  /** The function decodes images: its bundle carries `sharp`, which is native and cannot be bundled. */
  readonly drawsOnSharp?: boolean;
  readonly asynchronous?: Pick<FunctionProps, "deadLetterQueue" | "retryAttempts" | "maxEventAge">;
};

export const LOG_RETENTION = RetentionDays.ONE_MONTH;

/** A Lambda named `imgpilot-<stage>-<name>`, so that logs, alarms and people find it. */
export function lambda(stack: Stack, name: string, props: LambdaProps): Lambda {
  const functionName = `imgpilot-${stack.stage}-${name}`;
  const { needs } = props;
  return new Lambda(stack, name, {
    functionName,
    handler: "file" in props ? `packages/functions/src/${props.file}.handler` : props.handler,
    runtime: "nodejs24.x",
    architecture: "arm_64",
    timeout: props.seconds,
    memorySize: props.memoryMegabytes ?? 512,
    environment: Object.assign(
      { STAGE: stack.stage, NODE_OPTIONS: "--enable-source-maps" },
      ...needs.map((need) => need.environment),
    ),
    bind: needs.flatMap((need) => need.secrets ?? []),
    permissions: needs.flatMap((need) => need.permissions ?? []),
    logGroup: new LogGroup(stack, `${name}-logs`, {
      logGroupName: `/aws/lambda/${functionName}`,
      retention: LOG_RETENTION,
    }),
    // `true` leaves the map in the bundle, where --enable-source-maps finds it; lines are enough, the sources are in git.
    nodejs: { sourcemap: true, esbuild: { external: ["sharp"], sourcesContent: false } },
    ...(props.drawsOnSharp && stack.stage !== LOCAL
      ? { hooks: { afterBuild: (_, out) => installSharp(out) } }
      : {}),
    ...props.asynchronous,
  });
}

/**
 * Puts sharp for Lambda's platform beside the bundle. SST's own way pins sharp 0.32 and downloads from GitHub. In the
 * local stage nothing is installed: the bundle finds sharp by Node's walk up to the repository's node_modules.
 */
async function installSharp(out: string): Promise<void> {
  const { dependencies } = JSON.parse(readFileSync("packages/adapters/package.json", "utf8"));
  const platform = ["--os=linux", "--cpu=arm64", "--libc=glibc"];
  const quietly = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  await promisify(execFile)("npm", ["install", ...quietly, ...platform, `sharp@${dependencies.sharp}`], {
    cwd: out,
  });
}
