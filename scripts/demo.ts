import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createClient } from "@imgpilot/contract/client";
import { DEMO_EMAIL, readArguments, type Wish } from "./shell/arguments.ts";
import { make, save } from "./shell/make.ts";
import { phase } from "./shell/progress.ts";
import { receiptLines } from "./shell/receipt.ts";
import { signIn } from "./shell/session.ts";

const PROMPT = "a red fox in snow, first light";

type Place = { readonly gateway: string; readonly mailbox: string; readonly dir: string };

/** Whether this state directory has never seen the main job run. */
export const isFirstStart = (dir: string): boolean => !existsSync(marker(dir));

const marker = (dir: string) => path.join(dir, "demo-done");

/** Runs the main job once as a demo account, so that a newcomer sees it work before doing anything. */
export async function runDemo(place: Place, log: (line: string) => void): Promise<void> {
  const wish = { ...(readArguments([PROMPT]) as Wish), out: path.join(place.dir, "demo") };
  log(`First start: drawing "${PROMPT}" as ${DEMO_EMAIL}`);
  const token = await signIn(place, DEMO_EMAIL);
  const client = createClient({ baseUrl: place.gateway, token });
  let last = "";
  const generation = await make(client, wish, {
    quoted: (credits, available) => log(`  quoted ${credits} of ${available} credits`),
    moved: ({ images }) => {
      const words = images.map(phase).join(", ");
      if (words !== last) log(`  ${words}`);
      last = words;
    },
  });
  const files = await save(generation, wish.out);
  for (const line of receiptLines(generation)) log(`  ${line}`);
  for (const file of files) log(`  picture: ${file}`);
  writeFileSync(marker(place.dir), `${generation.id}\n`);
}
