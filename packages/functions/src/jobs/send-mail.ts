import { Outbox } from "@imgpilot/core/mail";
import { job } from "../middleware/job.ts";
import { count } from "../middleware/metric.ts";
import { contextOf } from "../parts/context.ts";
import { post } from "../parts/post.ts";
import { runtime } from "../runtime.ts";

/** Every minute: sends the mails that are due. One that is given up is an alarm (`stacks/alarms.ts`). */
export const handler = job("send-mail", contextOf({}), async (ctx) => {
  const done = await Outbox.sendDue(ctx, post);
  count(runtime().setting("STAGE"), "MailsGivenUp", done.givenUp);
  return done;
});
