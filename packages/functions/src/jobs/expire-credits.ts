import { Credits } from "@imgpilot/core/credits";
import { job } from "../middleware/job.ts";
import { contextOf } from "../parts/context.ts";

/** Accounts at a time. */
const BATCH = 500;

/** Every five minutes: books what has expired, so that balances and journal say so. */
export const handler = job("expire-credits", contextOf({}), async ({ db }) => {
  let expired = 0;
  let batch: number;
  do {
    batch = await Credits.expireDue(db, BATCH);
    expired += batch;
  } while (batch > 0);
  return { expired };
});
