import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { type CloudProcess, startCloud } from "./support/cloud-process.ts";

/** What a local cloud says when it cannot go on, and what it leaves behind: nothing. */
const dir = mkdtempSync(path.join(tmpdir(), "imgpilot-running-"));
let cloud: CloudProcess | undefined;

afterEach(async () => {
  await cloud?.stop();
  cloud = undefined;
  rmSync(dir, { recursive: true, force: true });
});

/** The processes below one, at any depth. */
function below(pid: number): number[] {
  const table = execFileSync("ps", ["-e", "-o", "pid=,ppid="], { encoding: "utf8" });
  const rows = table
    .trim()
    .split("\n")
    .map((row) => row.trim().split(/\s+/).map(Number));
  const children = rows.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
  return children.flatMap((child) => [child, ...below(child)]);
}

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test("asked to end, it ends with all of its processes and takes its addresses back", async () => {
  cloud = await startCloud(dir);
  const processes = below(cloud.pid);
  expect(processes.length).toBeGreaterThan(4);
  await cloud.stop();

  expect(processes.filter(isAlive)).toEqual([]);
  expect(cloud.exitCode()).toBe(0);
  expect(existsSync(path.join(dir, "endpoints.json"))).toBe(false);
});

test("a second one on the same state is refused in one line; the first goes on", async () => {
  cloud = await startCloud(dir);
  await expect(startCloud(dir)).rejects.toThrow(
    /^The local cloud did not start:\nA local cloud is running on \S+ already; stop that one first\.\n$/,
  );
  expect((await fetch(`${cloud.endpoints.gateway}/api/health`)).status).toBe(200);
});

test("a taken port is named, and nothing stays behind", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as { port: number };
  await expect(startCloud(dir, port)).rejects.toThrow(`Port ${port}, for the gateway, is taken.`);
  taken.close();

  cloud = await startCloud(dir);
});

test("a part that dies takes the rest with it, and is named", async () => {
  cloud = await startCloud(dir);
  const processes = below(cloud.pid);
  const mailbox = processes.find((pid) =>
    execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).includes("mailbox"),
  );
  process.kill(mailbox as number, "SIGKILL");
  await cloud.ended();

  expect(cloud.exitCode()).toBe(1);
  expect(cloud.output()).toContain("The mailbox ended (SIGKILL). Stopping the rest.");
  expect(processes.filter(isAlive)).toEqual([]);
});
