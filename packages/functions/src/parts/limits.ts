import type { Limits } from "@imgpilot/core/limits";
import { logger } from "../middleware/logger.ts";
import { runtime } from "../runtime.ts";
import { lazily } from "./lazily.ts";

export const limits: Limits = lazily(async () => {
  const { createRedisLimits } = await import("@imgpilot/adapters/redis-limits");
  return createRedisLimits({
    url: await runtime().secret("REDIS_URL"),
    onDown: (error, rule) => logger.warn("limits.down", { error, rule: rule.name }),
  });
});
