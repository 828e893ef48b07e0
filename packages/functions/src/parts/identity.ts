import type { Auth, AuthConfig } from "@imgpilot/adapters/auth";
import { Accounts } from "@imgpilot/core/accounts";
import type { Mailer } from "@imgpilot/core/mail";
import { runtime } from "../runtime.ts";
import { database } from "./database.ts";
import { limits } from "./limits.ts";
import { siteUrl } from "./site.ts";

/** The identity provider, over this container's database. A new person's account is opened at once. */
export async function openIdentity(mailer: Mailer): Promise<Auth> {
  const [{ createAuth }, db, secret] = await Promise.all([
    import("@imgpilot/adapters/auth"),
    database(),
    runtime().secret("AUTH_SECRET"),
  ]);
  const onUserCreated: AuthConfig["onUserCreated"] = async ({ id, locale }) =>
    void (await Accounts.ofUser(db, id, locale));
  return createAuth({ db, secret, siteUrl: siteUrl(), mailer, limits, onUserCreated });
}
