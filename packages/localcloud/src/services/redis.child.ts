import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { createRedisServer } from "js-redis-server";
import { listen, serve } from "./service-entry.ts";

type Options = { readonly dir: string; readonly port: number };

const START_SECONDS = 10;

serve(async ({ dir, port }: Options) => {
  const binary = ["valkey-server", "redis-server"].find((name) => !spawnSync(name, ["--version"]).error);
  return binary ? startBinary(binary, dir, port) : startInJavaScript(port);
});

async function startInJavaScript(port: number) {
  const redis = await createRedisServer();
  // It listens on every interface: close that door and open it again on ours alone.
  const server = redis.server.server;
  server.close();
  await once(server, "close");
  const taken = await listen(server, port);
  return { url: `redis://127.0.0.1:${taken}`, close: () => void redis.close() };
}

/** A real server, which this process ends with itself, and whose pid file tells the next one if it could not. */
async function startBinary(binary: string, dir: string, wanted: number) {
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
  const pidFile = path.join(dir, "redis.pid");
  await endStale(pidFile, dir);
  const port = await freePort(wanted);
  const where = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", dir, "--pidfile", pidFile];
  const server = spawn(binary, [...where, "--appendonly", "yes", "--save", "", "--daemonize", "no"], {
    stdio: ["ignore", "pipe", "ignore"],
    detached: true, // Ctrl-C in the terminal is for us to pass on, in our order.
  });
  let log = "";
  server.stdout.setEncoding("utf8").on("data", (text: string) => {
    log = (log + text).slice(-4_000);
  });
  await answering(server, port, () => log);
  server.once("exit", () => process.exit(1));
  const close = async () => {
    server.removeAllListeners("exit");
    server.kill("SIGTERM");
    await once(server, "exit");
  };
  return { url: `redis://127.0.0.1:${port}`, close };
}

/** Ends a server that was left running on these files: two on one append-only file would ruin it. */
async function endStale(pidFile: string, dir: string): Promise<void> {
  if (!fs.existsSync(pidFile)) return;
  const pid = Number(fs.readFileSync(pidFile, "utf8"));
  const deadline = Date.now() + START_SECONDS * 1000;
  while (isServerOn(pid, dir)) {
    if (Date.now() > deadline) throw new Error(`an earlier server (process ${pid}) does not end`);
    process.kill(pid, "SIGTERM");
    await delay(50);
  }
}

/** The pid may have been given to another program since: only a server started on these files is ours to end. */
function isServerOn(pid: number, dir: string): boolean {
  try {
    // A running server shows its title, so where it works tells whose it is.
    const where = fs.existsSync("/proc") ? fs.readlinkSync(`/proc/${pid}/cwd`) : dir;
    const command = execFileSync("ps", ["-o", "comm=", "-p", `${pid}`], { encoding: "utf8" });
    return /redis|valkey/.test(command) && where === fs.realpathSync(dir);
  } catch {
    return false;
  }
}

/** Also tells, before anything is started, that the wanted port is taken. */
async function freePort(wanted: number): Promise<number> {
  const probe = net.createServer();
  const port = await listen(probe, wanted);
  probe.close();
  await once(probe, "close");
  return port;
}

async function answering(server: ChildProcess, port: number, log: () => string): Promise<void> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (!(await accepts(port)) || server.exitCode !== null) {
    if (server.exitCode !== null)
      throw new Error(`the server ended at once: ${log().trim().split("\n").at(-1)}`);
    if (Date.now() > deadline) throw new Error(`no answer within ${START_SECONDS} s`);
    await delay(25);
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = net.connect({ port, host: "127.0.0.1" });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
