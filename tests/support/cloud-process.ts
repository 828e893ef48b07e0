import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Endpoints } from "@imgpilot/localcloud/cloud";

const root = fileURLToPath(new URL("../..", import.meta.url));

export type CloudProcess = {
  readonly endpoints: Endpoints;
  readonly pid: number;
  /** As Ctrl-C does; resolves when the process is gone. */
  stop: () => Promise<void>;
  /** Resolves when the process is gone, however it came to that. */
  ended: () => Promise<void>;
  exitCode: () => number | null;
  /** What it has said so far. */
  output: () => string;
  /** SIGKILL: nothing gets to say goodbye. Resolves when the process is gone. */
  kill: () => Promise<void>;
};

/** Starts the local cloud as its own process, as `npm start` does, on free ports and with its state in `dir`. */
export async function startCloud(dir: string, port = 0): Promise<CloudProcess> {
  const args = ["packages/localcloud/src/main.ts", "--dir", dir, "--port", String(port)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const closed = once(child, "close").then(() => {});

  const deadline = Date.now() + 90_000;
  while (!output.includes("Up: ")) {
    if (isGone(child)) await closed;
    if (isGone(child) || Date.now() > deadline) throw new Error(`The local cloud did not start:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const end = async (signal: NodeJS.Signals) => {
    if (!isGone(child)) child.kill(signal);
    await closed;
  };
  return {
    endpoints: JSON.parse(readFileSync(path.join(dir, "endpoints.json"), "utf8")),
    pid: child.pid as number,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
    ended: () => closed,
    exitCode: () => child.exitCode,
    output: () => output,
  };
}

const isGone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;
