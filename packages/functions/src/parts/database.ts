import { connect, type Db } from "@imgpilot/core/db";
import { runtime } from "../runtime.ts";
import { once } from "./once.ts";

/**
 * One connection per container, as a container works on one request at a time. It is dropped before the pooler would,
 * and statement and lock timeouts belong to the role, since a transaction pooler passes none on.
 */
export const database = once<Db>(async () =>
  connect(await runtime().secret("DATABASE_URL"), {
    max: 1,
    connect_timeout: 5,
    idle_timeout: 60,
    max_lifetime: 900,
    // The driver's own goes up to twenty seconds, for which a container would go on without a database that is back.
    backoff: (tries) => Math.min(2, 0.1 * 2 ** tries),
    connection: { application_name: `imgpilot-${runtime().setting("STAGE")}` },
  }),
);
