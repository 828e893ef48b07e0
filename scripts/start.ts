import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import type { LocalCloud } from "@imgpilot/localcloud/cloud";
import { runLocalCloud } from "@imgpilot/localcloud/life";
import { isFirstStart, runDemo } from "./demo.ts";
import { synthesise } from "./synth.ts";

/** `npm start [-- --no-demo]`: the platform on this machine, until Ctrl-C. `PORT` moves it from 3000. */
const dir = path.resolve(process.env.IMGPILOT_DIR ?? ".local");

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { "no-demo": { type: "boolean", default: false } } });
  if (existsSync(".env")) process.loadEnvFile(".env");
  const started = performance.now();
  const assemblyDir = await synthesise();
  const options = { dir, port: portWanted(), assemblyDir, log: console.log, env: process.env };
  return runLocalCloud(options, async (cloud) => {
    console.log(`Up after ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
    sayWhere(cloud);
    if (!values["no-demo"] && isFirstStart(dir)) await demo(cloud);
    console.log(
      `\nStudio: ${cloud.endpoints.gateway}/   (sign-in mails are in the mailbox; Ctrl-C stops everything)`,
    );
  });
}

function portWanted(): number {
  const port = Number(process.env.PORT ?? 3000);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new Error(`PORT is ${process.env.PORT}, which is no port.`);
}

function sayWhere({ endpoints }: LocalCloud): void {
  const { gateway, mailbox, aws } = endpoints;
  console.log(`  Studio      ${gateway}/`);
  console.log(`  API         ${gateway}/api/openapi.json`);
  console.log(`  Mailbox     ${mailbox}/inbox`);
  console.log(`  AWS         ${aws}   (Step Functions and Lambda; AWS_ENDPOINT_URL)`);
  console.log(`  everything  ${path.relative(process.cwd(), path.join(dir, "endpoints.json"))}\n`);
}

/** A demo that fails is told and no more: the platform is up, and may be just what is needed to find out why. */
async function demo({ endpoints: { gateway, mailbox } }: LocalCloud): Promise<void> {
  try {
    await runDemo({ gateway, mailbox, dir }, console.log);
  } catch (error) {
    console.error(`The first picture could not be made: ${(error as Error).message}`);
  }
}

main().then(
  (code) => process.exit(code),
  (error: Error) => {
    const hint = /^Port \d+, .* is taken/.test(error.message) ? " PORT=3001 npm start takes another." : "";
    console.error(`${error.message}${hint}`);
    process.exit(1);
  },
);
