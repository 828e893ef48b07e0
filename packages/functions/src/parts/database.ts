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
    connection: { application_name: `imgpilot-${runtime().setting("STAGE")}` },
  }),
);
