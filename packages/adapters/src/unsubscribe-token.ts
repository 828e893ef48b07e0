import { createHmac, timingSafeEqual } from "node:crypto";
import { isWish, type Wish } from "@imgpilot/core/mail";

export type Unsubscription = { readonly accountId: string; readonly wish: Wish };

/**
 * What the address in a mail carries to end such mails without a sign-in (RFC 8058): the random account id and the kind,
 * signed. It does not expire, since an old mail must be able to end the next one, and it is good for nothing else.
 */
const unsubscribeToken = (secret: string, { accountId, wish }: Unsubscription): string =>
  `${accountId}.${wish}.${signature(secret, accountId, wish)}`;

/** What the token says, or null where we did not write it. */
export function readUnsubscribeToken(secret: string, token: string): Unsubscription | null {
  const [accountId = "", wish = "", signed = "", ...rest] = token.slice(0, 200).split(".");
  const expected = Buffer.from(signature(secret, accountId, wish));
  const given = Buffer.from(signed);
  const isOurs = given.length === expected.length && timingSafeEqual(given, expected);
  return isOurs && rest.length === 0 && isWish(wish) ? { accountId, wish } : null;
}

export function unsubscribeUrl(siteUrl: string, secret: string, what: Unsubscription): string {
  const url = new URL("/api/mail/unsubscribe", siteUrl);
  url.searchParams.set("token", unsubscribeToken(secret, what));
  return url.href;
}

/** The words in front keep it from being taken for any other signature made with the same secret. */
const signature = (secret: string, accountId: string, wish: string) =>
  createHmac("sha256", secret).update(`unsubscribe:${accountId}:${wish}`).digest("base64url");
