import type { Locale } from "@imgpilot/contract/locales";
import type { Mail } from "@imgpilot/core/mail";
import { compose } from "@imgpilot/mail/compose";
import { SIGN_IN_MINUTES } from "./pending-sign-ins.ts";

type SignIn = {
  readonly email: string;
  readonly siteUrl: string;
  readonly locale: Locale;
  readonly token: string;
  readonly code: string;
  readonly tokenHash: string;
};

/**
 * The link opens a page with a button: a scanner that follows links signs nobody in (promise A5). Sent at once, past the
 * outbox, which keeps no secrets.
 */
export function signInMail({ email, siteUrl, locale, token, code, tokenHash }: SignIn): Mail {
  const link = new URL("/api/auth/confirm", siteUrl);
  link.searchParams.set("token", token);
  const data = { link: link.href, code, minutes: SIGN_IN_MINUTES };
  return {
    to: email,
    idempotencyKey: `sign-in/${tokenHash}`,
    ...compose({ name: "sign_in", data, locale, siteUrl }),
  };
}
