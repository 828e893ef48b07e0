import { existsSync, rmSync } from "node:fs";
import path from "node:path";
import { lockDirectory } from "@imgpilot/localcloud/cloud/lock";

/** `npm run reset`: forgets all local state, accounts, images and mails among it. Not while a local cloud runs on it. */
const dir = path.resolve(process.env.IMGPILOT_DIR ?? ".local");

try {
  if (existsSync(dir)) {
    const unlock = lockDirectory(dir);
    rmSync(dir, { recursive: true });
    unlock();
  }
  console.log(`Nothing is left in ${path.relative(process.cwd(), dir) || dir}.`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
