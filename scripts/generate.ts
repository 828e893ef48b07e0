import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { ApiError, createClient } from "@imgpilot/contract/client";
import { startLocalCloud } from "@imgpilot/localcloud/cloud";
import { readArguments, USAGE, type Wish, WrongUse } from "./shell/arguments.ts";
import { make, save } from "./shell/make.ts";
import { createProgress } from "./shell/progress.ts";
import { receiptLines } from "./shell/receipt.ts";
import { signIn } from "./shell/session.ts";
import { synthesise } from "./synth.ts";

/** The main job from the shell. See `USAGE`; exit codes: 0 all delivered, 1 refused or failed, 2 wrong use. */
const dir = path.resolve(process.env.IMGPILOT_DIR ?? ".local");

type Endpoints = { gateway: string; mailbox: string };

async function main(): Promise<number> {
  const wish = readArguments(process.argv.slice(2));
  if (wish === "help") {
    console.log(USAGE);
    return 0;
  }
  const running = await runningCloud();
  if (running) return generate(running, wish);
  console.log("The local cloud is not running; starting one for this job.");
  const assemblyDir = await synthesise();
  const cloud = await startLocalCloud({
    dir,
    port: Number(process.env.PORT ?? 0),
    assemblyDir,
    log: console.log,
  });
  try {
    return await generate(cloud.endpoints, wish);
  } finally {
    await cloud.stop();
  }
}

async function generate(endpoints: Endpoints, wish: Wish): Promise<number> {
  const token = await signIn({ ...endpoints, dir }, wish.as);
  const client = createClient({ baseUrl: endpoints.gateway, token });
  const progress = createProgress(process.stdout);
  const stop = new AbortController();
  process.once("SIGINT", () => {
    console.log("\nCancelling: what is not delivered is returned.");
    stop.abort();
  });
  const generation = await make(
    client,
    wish,
    {
      quoted: (credits, available) =>
        console.log(
          `${wish.prompt}\n${wish.model}, ${wish.count} image(s), ${credits} credits of ${available}\n`,
        ),
      moved: progress.show,
    },
    stop.signal,
  );
  const files = await save(generation, wish.out);
  console.log(`\n${receiptLines(generation).join("\n")}\n`);
  for (const file of files) console.log(`Saved ${file}`);
  if (generation.state === "succeeded") return 0;
  console.error(`Not all was delivered: ${generation.state}.`);
  return 1;
}

/** The endpoints of a local cloud that answers, or null. */
async function runningCloud(): Promise<Endpoints | null> {
  const file = path.join(dir, "endpoints.json");
  if (!existsSync(file)) return null;
  const endpoints: Endpoints = JSON.parse(readFileSync(file, "utf8"));
  const answers = await fetch(`${endpoints.gateway}/api/health`).catch(() => null);
  return answers ? endpoints : null;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    if (error instanceof WrongUse) {
      console.error(`${error.message}\n\n${USAGE}`);
      process.exit(2);
    }
    const why = error instanceof ApiError ? `${error.message} (${error.code})` : (error as Error).message;
    console.error(`Could not generate: ${why}`);
    process.exit(1);
  },
);
