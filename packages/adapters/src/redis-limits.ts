import type { LimitRule, Limits, LimitVerdict } from "@imgpilot/core/limits";
import type { Redis } from "ioredis";
import { RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import { connectRedis } from "./redis-connection.ts";

export type RedisLimitsConfig = {
  readonly url: string;
  /** Told of every verdict that had to be given without Redis. */
  readonly onDown?: (error: Error, rule: LimitRule) => void;
};

const RETRY_WHEN_DOWN_SECONDS = 30;

/** Fixed windows, counted in Redis by all Lambdas together. `close` ends the connection. */
export function createRedisLimits({ url, onDown }: RedisLimitsConfig): Limits & { close: () => void } {
  const redis = connectRedis(url);
  const limiters = new Map<string, RateLimiterRedis>();
  return {
    async consume(rule, key) {
      try {
        await limiterOf(limiters, redis, rule).consume(key);
        return { allowed: true, retryAfterSeconds: 0 };
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) {
          return { allowed: false, retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) };
        }
        onDown?.(refusal instanceof Error ? refusal : new Error(String(refusal)), rule);
        return whenDown(rule);
      }
    },
    async check() {
      await redis.ping();
    },
    close: () => redis.disconnect(),
  };
}

function limiterOf(limiters: Map<string, RateLimiterRedis>, redis: Redis, rule: LimitRule): RateLimiterRedis {
  const id = `${rule.name}:${rule.points}:${rule.windowSeconds}`;
  const known = limiters.get(id);
  if (known) return known;
  const { name, points, windowSeconds } = rule;
  const limiter = new RateLimiterRedis({
    storeClient: redis,
    keyPrefix: `limit:${name}`,
    points,
    duration: windowSeconds,
  });
  limiters.set(id, limiter);
  return limiter;
}

function whenDown(rule: LimitRule): LimitVerdict {
  if (rule.whenDown === "allow") return { allowed: true, retryAfterSeconds: 0 };
  return { allowed: false, retryAfterSeconds: RETRY_WHEN_DOWN_SECONDS };
}
