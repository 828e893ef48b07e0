import type { Context } from "@imgpilot/core/context";
import { logger } from "../middleware/logger.ts";
import { database } from "./database.ts";

type Parts = Partial<Omit<Context, "db" | "report">>;

/**
 * The context of one function: the database, and the parts that it names. Whatever it does not name is not in its
 * bundle, and asking for it throws, as the function was not given the means either (`stacks/lambda.ts`).
 */
export function contextOf(parts: Parts): () => Promise<Context> {
  const report: Context["report"] = (fault, facts) =>
    logger.error("fault.survived", { error: asError(fault), ...facts });
  return async () => {
    const given = { ...parts, db: await database(), report };
    return Object.create(ABSENT, Object.getOwnPropertyDescriptors(given)) as Context;
  };
}

const absent = (name: keyof Parts) => ({
  get(): never {
    throw new Error(`This function was not given ${name}`);
  },
});
const ABSENT = Object.create(null, {
  objects: absent("objects"),
  images: absent("images"),
  workflow: absent("workflow"),
  gate: absent("gate"),
  provider: absent("provider"),
});

const asError = (fault: unknown): Error => (fault instanceof Error ? fault : new Error(String(fault)));
