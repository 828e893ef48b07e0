import { isWish, type Outbox } from "@imgpilot/core/mail";
import { runtime } from "../runtime.ts";
import { mail } from "./mail.ts";
import { siteUrl } from "./site.ts";

/** Mails of the outbox in words, each that a person can end with the address that does. */
export const post: Outbox.Post = {
  mailer: mail,
  async compose(waiting) {
    const [{ compose }, { unsubscribeUrl }, secret] = await Promise.all([
      import("@imgpilot/mail/compose"),
      import("@imgpilot/adapters/unsubscribe-token"),
      runtime().secret("AUTH_SECRET"),
    ]);
    const { name, accountId } = waiting;
    const site = siteUrl();
    const end =
      isWish(name) && accountId ? unsubscribeUrl(site, secret, { accountId, wish: name }) : undefined;
    return compose({ ...waiting, siteUrl: site, unsubscribeUrl: end });
  },
};
