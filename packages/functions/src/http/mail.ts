import { handleUnsubscribe } from "@imgpilot/adapters/unsubscribe";
import { webDoor } from "../middleware/web-door.ts";
import { database } from "../parts/database.ts";
import { siteUrl } from "../parts/site.ts";
import { runtime } from "../runtime.ts";

/** What a mail's own links lead to: ending such mails. */
export const handler = webDoor(siteUrl, async (request) => {
  const [db, secret] = await Promise.all([database(), runtime().secret("AUTH_SECRET")]);
  return handleUnsubscribe({ db, secret }, request);
});
