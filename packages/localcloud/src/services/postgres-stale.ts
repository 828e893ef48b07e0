import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const STOP_SECONDS = 20;

/** Stops the server that an earlier run, killed without warning, left behind on this data directory. */
export async function stopStaleServer(data: string): Promise<void> {
  const pid = readPid(path.join(data, "postmaster.pid"));
  if (pid === null || !isServerOf(pid, data)) return; // no such process, or its id is another's by now
  process.kill(pid, "SIGINT");
  for (let waited = 0; isServerOf(pid, data); waited += 50) {
    if (waited > STOP_SECONDS * 1000) throw new Error(`Postgres ${pid} of an earlier run does not stop`);
    await delay(50);
  }
}

function readPid(file: string): number | null {
  try {
    const pid = Number.parseInt(fs.readFileSync(file, "utf8"), 10);
    return pid > 1 ? pid : null;
  } catch {
    return null;
  }
}

function isServerOf(pid: number, data: string): boolean {
  const words = commandLine(pid);
  const at = words.indexOf("-D");
  return words[0] !== undefined && path.basename(words[0]) === "postgres" && at > 0 && words[at + 1] === data;
}

function commandLine(pid: number): string[] {
  if (process.platform !== "linux") {
    // Good enough where the path holds no space; where it does, the server is left alone and says so itself.
    return spawnSync("ps", ["-ww", "-o", "args=", "-p", String(pid)], { encoding: "utf8" })
      .stdout.trim()
      .split(/\s+/);
  }
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    return [];
  }
}
