import path from "node:path";
import { type RunningService, startService } from "./service-process.ts";

export type RedisOptions = {
  /** Keeps the data where a real server runs; made when missing. */
  readonly dir: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** A server that runs already, used instead of starting one. */
  readonly external?: string | undefined;
};

/**
 * A Redis on 127.0.0.1: the one that `REDIS_URL` names, else `valkey-server` or `redis-server` from the PATH, else one in
 * JavaScript, which forgets everything when it stops (limits start anew; nothing else is lost).
 */
export async function startRedis(options: RedisOptions): Promise<RunningService> {
  const external = options.external ?? process.env.REDIS_URL;
  if (external) return { url: external, pid: 0, stop: async () => {}, died: new Promise(() => {}) };
  const entry = new URL("./redis.child.ts", import.meta.url);
  return startService("Redis", entry, { dir: path.resolve(options.dir), port: options.port ?? 0 });
}
