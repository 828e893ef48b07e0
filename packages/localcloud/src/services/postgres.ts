import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type PostgresBinaries, postgresBinaries } from "./postgres-binaries.ts";
import { ending, explain } from "./postgres-ending.ts";
import { createRoles, DATABASE } from "./postgres-roles.ts";
import { stopStaleServer } from "./postgres-stale.ts";

export type PostgresOptions = {
  /** Keeps data, password and log; made when missing. */
  readonly dir: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Off, a crash of the machine may lose or corrupt data: for tests alone. */
  readonly durable?: boolean;
  readonly maxConnections?: number;
};

export type RunningPostgres = {
  /** As the application's login role: executes verbs, reads, owns nothing. */
  readonly url: string;
  /** As the owner of the schema: for migrations. */
  readonly ownerUrl: string;
  readonly port: number;
  readonly pid: number;
  /** Where the files really are: `dir`, unless this is root without user namespaces. */
  readonly home: string;
  readonly stop: () => Promise<void>;
  /** Resolves, with one line that says so, if the server ends without having been stopped. */
  readonly died: Promise<string>;
};

const START_SECONDS = 60;

/** Runs a real Postgres on 127.0.0.1. Every failure is one line that says what is wrong. */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const binaries = await postgresBinaries(path.resolve(options.dir));
  fs.mkdirSync(binaries.home, { recursive: true, mode: 0o700 });
  const data = path.join(binaries.home, "data");
  await stopStaleServer(data);
  const password = await initialise(binaries, data, options.durable ?? true);
  const { server, port } = await listen(binaries, data, options);
  const killServer = () => server.kill("SIGINT"); // fast shutdown
  process.once("exit", killServer);
  let stopped = false;
  const stop = async () => {
    stopped = true;
    process.off("exit", killServer);
    if (server.exitCode === null && server.signalCode === null && killServer()) await once(server, "exit");
  };
  try {
    await createRoles(`postgres://postgres:${password}@127.0.0.1:${port}/postgres`, password);
  } catch (error) {
    await stop();
    throw error;
  }
  const url = (role: string) => `postgres://${role}:${password}@127.0.0.1:${port}/${DATABASE}`;
  const { home } = binaries;
  const died = once(server, "exit").then(([code, signal]) =>
    stopped
      ? new Promise<never>(() => {})
      : `Postgres ended (${signal ?? code}): see ${path.join(home, "server.log")}`,
  );
  const pid = server.pid ?? 0;
  return { url: url("imgpilot"), ownerUrl: url("imgpilot_owner"), port, pid, home, stop, died };
}

/** Makes the data directory once. Made under another name first, so that a half-made one is never used. */
async function initialise(
  { home, run, own }: PostgresBinaries,
  data: string,
  durable: boolean,
): Promise<string> {
  const passwordFile = path.join(home, "password");
  if (fs.existsSync(path.join(data, "PG_VERSION"))) return fs.readFileSync(passwordFile, "utf8").trim();
  const partial = `${data}.partial`;
  fs.rmSync(partial, { recursive: true, force: true });
  fs.mkdirSync(partial, { mode: 0o700 });
  own(partial);
  const password = randomBytes(18).toString("base64url");
  fs.writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  own(passwordFile);
  const log = fs.openSync(path.join(home, "initdb.log"), "w", 0o600);
  const identity = ["-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const sync = durable ? [] : ["--no-sync"];
  const initdb = run(
    "initdb",
    ["-D", partial, ...identity, "-E", "UTF8", "--locale=C", ...sync],
    ["ignore", log, log],
  );
  const code = await ending(initdb);
  fs.closeSync(log);
  if (code !== 0)
    throw new Error(explain(path.join(home, "initdb.log"), "Postgres could not make its files"));
  fs.renameSync(partial, data);
  return password;
}

async function listen(binaries: PostgresBinaries, data: string, options: PostgresOptions) {
  for (let tries = 1; ; tries++) {
    const port = options.port || (await freePort());
    try {
      return { server: await serve(binaries, data, port, options), port };
    } catch (error) {
      // Somebody may take a free port between our finding it and the server's taking it.
      if (options.port || tries === 3 || !String(error).includes("is taken")) throw error;
    }
  }
}

async function serve(
  binaries: PostgresBinaries,
  data: string,
  port: number,
  options: PostgresOptions,
): Promise<ChildProcess> {
  const settings = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: options.maxConnections ?? 200,
    jit: "off",
    ...((options.durable ?? true)
      ? {}
      : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const logFile = path.join(binaries.home, "server.log");
  const log = fs.openSync(logFile, "w", 0o600);
  const server = binaries.run("postgres", ["-D", data, "-p", String(port), ...args], ["ignore", log, log]);
  fs.closeSync(log);
  let ended = false;
  const end = ending(server).finally(() => {
    ended = true;
  });
  const deadline = Date.now() + START_SECONDS * 1000;
  while (!isReady(data, server.pid)) {
    if (ended) {
      await end;
      throw new Error(explain(logFile, "Postgres did not start", port));
    }
    if (Date.now() > deadline) {
      server.kill("SIGQUIT");
      throw new Error(`Postgres did not start within ${START_SECONDS} seconds: see ${logFile}`);
    }
    await delay(20);
  }
  return server;
}

/** The server writes its state into the eighth line of postmaster.pid, which is what pg_ctl waits for as well. */
function isReady(data: string, pid: number | undefined): boolean {
  try {
    const lines = fs.readFileSync(path.join(data, "postmaster.pid"), "utf8").split("\n");
    return Number(lines[0]) === pid && lines[7]?.trim() === "ready";
  } catch {
    return false; // not written yet
  }
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
