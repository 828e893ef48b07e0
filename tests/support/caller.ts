import { Redis } from "ioredis";

const connections = new Map<string, Redis>();

/**
 * Forgets how often this machine has signed in: all tests' people come from one address, and real ones do not. Nothing else
 * is forgotten.
 */
export async function forgetCaller(redisUrl: string): Promise<void> {
  const redis = connections.get(redisUrl) ?? new Redis(redisUrl);
  connections.set(redisUrl, redis);
  const counters = await redis.keys("limit:sign-in.caller:*");
  if (counters.length > 0) await redis.del(counters);
}
