import { type Stack, use } from "sst/constructs";
import { Secrets } from "./secrets.ts";
import { setting } from "./settings.ts";

/**
 * Where the state is. None of it lives in AWS, so there is nothing to create: objects are in Cloudflare R2, rows in
 * Postgres, counters in Redis. What a function needs to reach one of them is listed here.
 */
export function storage(stack: Stack) {
  const secrets = use(Secrets);
  return {
    database: { secrets: [secrets.DATABASE_URL], environment: {} },
    cache: { secrets: [secrets.REDIS_URL], environment: {} },
    objects: {
      secrets: [secrets.OBJECTS_ACCESS_KEY_ID, secrets.OBJECTS_SECRET_ACCESS_KEY],
      environment: {
        OBJECTS_ENDPOINT: setting(stack, "OBJECTS_ENDPOINT"),
        OBJECTS_BUCKET: setting(stack, "OBJECTS_BUCKET"),
      },
    },
  };
}
