import { Drafts } from "@imgpilot/core/drafts";
import { Outbox } from "@imgpilot/core/mail";
import { job } from "../middleware/job.ts";
import { contextOf } from "../parts/context.ts";

/** Every five minutes: deletes what was to be kept for a while only. */
export const handler = job("forget", contextOf({}), async ({ db }) => ({
  drafts: await Drafts.forget(db),
  mails: await Outbox.forget(db),
}));
