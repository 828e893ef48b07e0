import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type ProviderName, urlsOf } from "@imgpilot/simulators/urls";
import { readAssembly } from "./assembly/read-assembly.ts";
import { startAws } from "./cloud/aws.ts";
import { SETTINGS } from "./cloud/bindings.ts";
import { keysOf } from "./cloud/keys.ts";
import { lockDirectory } from "./cloud/lock.ts";
import { startServices } from "./cloud/services.ts";
import { bindVendors, type Environment } from "./cloud/vendors.ts";

export type CloudOptions = {
  /** Keeps all state; made when missing. */
  readonly dir: string;
  /** Of the gateway; 0 takes any that is free. Everything else takes free ones. */
  readonly port: number;
  /** What `sst build` wrote. */
  readonly assemblyDir: string;
  readonly log: (line: string) => void;
  /** Keys of vendors that are to be called for real. */
  readonly env?: Environment;
};

/** Where everything is; written to `endpoints.json` once all of it answers. */
export type Endpoints = {
  readonly gateway: string;
  /** Step Functions and Lambda, for `AWS_ENDPOINT_URL`. */
  readonly aws: string;
  readonly stateMachineArn: string;
  readonly objects: string;
  readonly database: string;
  readonly redis: string;
  readonly mailbox: string;
  readonly simulators: Readonly<Record<ProviderName, string>>;
};

export type LocalCloud = {
  readonly endpoints: Endpoints;
  /** Resolves, with one line that says why, when a part that is needed has ended by itself. */
  readonly died: Promise<string>;
  readonly stop: () => Promise<void>;
};

/**
 * Runs a synthesised assembly on this machine: its routes, functions, state machines, schedules and event rules, over real
 * services. What an earlier one left running is ABORTED first, and its event delivered.
 * @throws one line that says what is wrong; nothing is left running then
 */
export async function startLocalCloud(options: CloudOptions): Promise<LocalCloud> {
  const dir = path.resolve(options.dir);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const assembly = readAssembly(options.assemblyDir, SETTINGS);
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(lockDirectory(dir));
  options.log("Starting Postgres, Redis, object store, mailbox and simulators ...");
  const services = await startServices(dir, keysOf(dir), cleanup);
  const { postgres, redis, objects, mailbox, simulators } = services;
  const providers = urlsOf(simulators.url);
  const vendors = bindVendors(options.env ?? {}, { ...providers, resend: mailbox.url });
  for (const name of vendors.real) options.log(`${name} is called for real: its key is set.`);
  const aws = await startAws({ ...options, dir }, { assembly, services, vendors }, cleanup);
  const endpoints: Endpoints = {
    ...aws,
    objects: objects.url,
    database: postgres.url,
    redis: redis.url,
    mailbox: mailbox.url,
    simulators: providers,
  };
  announce(dir, endpoints, cleanup);
  const running = cleanup.move();
  return {
    endpoints,
    died: Promise.race([postgres, redis, objects, mailbox, simulators].map(({ died }) => died)),
    stop: () => running.disposeAsync(),
  };
}

/** Tells everybody else on this machine, whole or not at all, and takes it back when the cloud stops. */
function announce(dir: string, endpoints: Endpoints, cleanup: AsyncDisposableStack): void {
  const file = path.join(dir, "endpoints.json");
  writeFileSync(`${file}.partial`, `${JSON.stringify(endpoints, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.partial`, file);
  cleanup.defer(() => rmSync(file, { force: true }));
}
