import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { buildSite } from "../site/scripts/build.ts";
import { startAwsStub } from "./synth/aws-stub.ts";
import { inputsHash } from "./synth/stamp.ts";
import { takeTurn } from "./synth/turn.ts";

const root = path.resolve(import.meta.dirname, "..");
const assemblyDir = path.join(root, ".sst/dist");
const stampFile = path.join(assemblyDir, "inputs.sha256");

/**
 * Synthesises the local stage, templates and bundles, and answers the directory with both. Does nothing where the inputs
 * are those of the last synthesis.
 * @throws {Error} with what SST said, when it could not.
 */
export async function synthesise(log: (line: string) => void = console.log): Promise<string> {
  const endTurn = await takeTurn(path.dirname(assemblyDir), log);
  try {
    return await synthesiseInTurn(log);
  } finally {
    endTurn();
  }
}

async function synthesiseInTurn(log: (line: string) => void): Promise<string> {
  // SST bundles what the site build wrote.
  await buildSite(log);
  const inputs = inputsHash(root);
  if (stamped() === inputs) return assemblyDir;
  log("Synthesising stacks and bundles ...");
  const started = performance.now();
  // SST never cleans it: stale templates would be read as ours. What there was comes back where it fails.
  const earlier = `${assemblyDir}.earlier`;
  rmSync(earlier, { recursive: true, force: true });
  if (existsSync(assemblyDir)) renameSync(assemblyDir, earlier);
  const stub = await startAwsStub();
  try {
    await sstBuild(stub.url);
  } catch (error) {
    rmSync(assemblyDir, { recursive: true, force: true });
    if (existsSync(earlier)) renameSync(earlier, assemblyDir);
    throw error;
  } finally {
    stub.close();
  }
  rmSync(earlier, { recursive: true, force: true });
  writeFileSync(stampFile, inputs);
  log(`Synthesised in ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  return assemblyDir;
}

function stamped(): string | null {
  try {
    return readFileSync(stampFile, "utf8");
  } catch {
    return null;
  }
}

function sstBuild(awsUrl: string): Promise<void> {
  const cli = path.join(root, "node_modules/sst/cli/sst.js");
  const child = spawn(process.execPath, [cli, "build", "--stage", "local"], {
    cwd: root,
    env: offline(awsUrl),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (said += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The synthesis failed:\n${said.trim()}`));
    });
  });
}

/** The environment of a build that can reach nothing but the stub, whoever is signed in to AWS on this machine. */
function offline(awsUrl: string): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(AWS|SST|CDK)_/.test(name));
  return {
    ...Object.fromEntries(inherited),
    PATH: `${noNpm()}${path.delimiter}${process.env.PATH}`,
    AWS_ENDPOINT_URL: awsUrl,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    SST_TELEMETRY_DISABLED: "1",
    SST_BUILD_CONCURRENCY: "4",
    CI: "1",
  };
}

/**
 * A directory with an `npm` that does nothing. SST runs `npm install` beside every bundle, with an empty list; ours bring
 * nothing to install in the local stage, and sixteen times npm is half of the time and a reason to fail.
 */
function noNpm(): string {
  const bin = path.join(root, ".sst/no-npm");
  mkdirSync(bin, { recursive: true });
  writeFileSync(path.join(bin, "npm"), "#!/bin/sh\nexit 0\n", { mode: 0o755 });
  return bin;
}

if (import.meta.main) {
  try {
    console.log(`Assembly: ${path.relative(process.cwd(), await synthesise())}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
