import { type Gate, OPEN_GATE } from "@imgpilot/core/routing/gate";
import { logger } from "../middleware/logger.ts";
import { runtime } from "../runtime.ts";
import { lazily } from "./lazily.ts";

/** A gate that cannot even be made is an open one: nothing here is worth an image (B1). */
export const gate: Gate = lazily(async () => {
  const onDown = (error: unknown) => logger.warn("gate.down", { error: error as Error });
  try {
    const { createRedisGate } = await import("@imgpilot/adapters/redis-gate");
    return createRedisGate({ url: await runtime().secret("REDIS_URL"), onDown });
  } catch (error) {
    onDown(error);
    return OPEN_GATE;
  }
});
