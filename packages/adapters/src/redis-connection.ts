import { Redis } from "ioredis";

/** A dead Redis must not hold a request up: no answer within this is no Redis. */
const ANSWER_MS = 750;

/** Connects when it is first asked something. What is asked of a Redis that is away fails, and soon. */
export function connectRedis(url: string): Redis {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    // Counts waiting for a connection as well.
    commandTimeout: ANSWER_MS,
    maxRetriesPerRequest: 1,
  });
  // Without a listener a lost connection would end the process. Whoever asks is told of it instead.
  redis.on("error", () => {});
  return redis;
}
