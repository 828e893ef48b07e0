import path from "node:path";
import { migrate } from "@imgpilot/core/db/migrate";
import { startMailbox } from "../services/mailbox.ts";
import { startPostgres } from "../services/postgres.ts";
import { startRedis } from "../services/redis.ts";
import { startObjects } from "../services/s3.ts";
import { startProviderSimulators } from "../services/simulators.ts";
import type { Keys } from "./keys.ts";

export const BUCKET = "imgpilot";

/** The parts that live outside AWS: state, and stand-ins for vendors. Each is a process of its own. */
export type Services = Awaited<ReturnType<typeof startServices>>;

/**
 * Starts them all at once; each is stopped by `cleanup`, also where another one cannot start.
 * @throws one line that says which could not, and why
 */
export async function startServices(dir: string, keys: Keys, cleanup: AsyncDisposableStack) {
  const kept = async <Service extends { stop: () => Promise<void> }>(starting: Promise<Service>) => {
    const service = await starting;
    cleanup.defer(() => service.stop());
    return service;
  };
  const { objectsAccessKeyId: accessKeyId, objectsSecretAccessKey: secretAccessKey } = keys;
  const [postgres, redis, objects, mailbox, simulators] = await allSettled([
    kept(startPostgres({ dir: path.join(dir, "postgres") })).then(migrated),
    kept(startRedis({ dir: path.join(dir, "redis") })),
    kept(startObjects({ dir: path.join(dir, "objects"), bucket: BUCKET, accessKeyId, secretAccessKey })),
    kept(startMailbox({ dir: path.join(dir, "mailbox") })),
    kept(startProviderSimulators()),
  ]);
  return { postgres, redis, objects, mailbox, simulators, keys };
}

async function migrated<Postgres extends { ownerUrl: string }>(postgres: Postgres): Promise<Postgres> {
  await migrate(postgres.ownerUrl);
  return postgres;
}

/** `Promise.all` that waits for the slower ones before it throws, so that there is nothing left to start. */
async function allSettled<Values extends readonly unknown[]>(
  starting: {
    readonly [Index in keyof Values]: Promise<Values[Index]>;
  },
): Promise<Values> {
  await Promise.allSettled(starting);
  return (await Promise.all(starting)) as unknown as Values;
}
