import { mkdirSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as delay } from "node:timers/promises";

const PAUSE_MS = 250;

/**
 * Waits until no other process synthesises into `dir`, and answers how the turn ends: two at once would spoil each
 * other's output. The lock is the operating system's, so it goes with the process that holds it, however that ends.
 */
export async function takeTurn(dir: string, log: (line: string) => void): Promise<() => void> {
  mkdirSync(dir, { recursive: true });
  for (let isFirst = true; ; isFirst = false) {
    const lock = new DatabaseSync(path.join(dir, "turn.sqlite"));
    try {
      lock.exec("pragma locking_mode = exclusive; begin exclusive;");
      return () => lock.close();
    } catch {
      lock.close();
      if (isFirst) log("Waiting for another synthesis ...");
      await delay(PAUSE_MS);
    }
  }
}
