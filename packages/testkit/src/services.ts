import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { startRedis } from "@imgpilot/localcloud/services/redis";
import { startObjects } from "@imgpilot/localcloud/services/s3";
import { type Simulators, startSimulators } from "@imgpilot/simulators/start";
import { afterAll, beforeAll } from "vitest";

export type TestServices = {
  /** What the adapter of the object store is made with. */
  readonly objects: { endpoint: string; bucket: string; accessKeyId: string; secretAccessKey: string };
  readonly redisUrl: string;
  /** Base URLs of the model providers' simulators, which draw without delay. */
  readonly providers: Simulators["urls"];
};

const KEYS = { accessKeyId: "test", secretAccessKey: "test-secret", bucket: "images" };

/** A real object store and Redis, and simulated providers, for one test file. Call it at the top of the file. */
export function freshServices(): TestServices {
  let started: TestServices | undefined;
  let stop = async () => {};
  beforeAll(async () => {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), "imgpilot-test-services-"));
    const [objects, redis, simulators] = await Promise.all([
      startObjects({ dir: path.join(dir, "objects"), ...KEYS }),
      startRedis({ dir: path.join(dir, "redis") }),
      startSimulators({ drawMilliseconds: 0, submitMilliseconds: 0, pendingPolls: 1 }),
    ]);
    started = {
      objects: { ...KEYS, endpoint: objects.url },
      redisUrl: redis.url,
      providers: simulators.urls,
    };
    stop = async () => {
      await Promise.all([objects.stop(), redis.stop(), simulators.close()]);
      fs.rmSync(dir, { recursive: true, force: true });
    };
  });
  afterAll(() => stop());

  const ready = (): TestServices => {
    if (!started) throw new Error("The services are there once tests run, not while they are collected");
    return started;
  };
  return {
    get objects() {
      return ready().objects;
    },
    get redisUrl() {
      return ready().redisUrl;
    },
    get providers() {
      return ready().providers;
    },
  };
}
