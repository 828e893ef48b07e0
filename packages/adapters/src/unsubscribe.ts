import { pickLocale } from "@imgpilot/contract/locales";
import type { Db } from "@imgpilot/core/db";
import { Wishes } from "@imgpilot/core/mail";
import { escapeHtml, page } from "./pages/page.ts";
import { UNSUBSCRIBE_WORDS } from "./pages/unsubscribe-words.ts";
import { readUnsubscribeToken } from "./unsubscribe-token.ts";

export type UnsubscribeConfig = { readonly db: Db; readonly secret: string };

/**
 * Answers `/api/mail/unsubscribe?token=…` (RFC 8058). A POST ends the mails, by a mail program or by the page's button,
 * without a sign-in and as often as it comes; opening the address changes nothing, because mail scanners do.
 */
export async function handleUnsubscribe(
  { db, secret }: UnsubscribeConfig,
  request: Request,
): Promise<Response> {
  const locale = pickLocale(request.headers.get("accept-language"));
  const words = UNSUBSCRIBE_WORDS[locale];
  const isPress = request.method === "POST";
  if (!isPress && request.method !== "GET" && request.method !== "HEAD")
    return new Response(null, { status: 405, headers: { allow: "GET, HEAD, POST" } });
  const token = new URL(request.url).searchParams.get("token") ?? "";
  const asked = readUnsubscribeToken(secret, token);
  if (!asked)
    return page({ locale, status: 400, title: words.broken, body: `<p role="alert">${words.whatToDo}</p>` });
  if (!isPress) {
    const action = escapeHtml(`/api/mail/unsubscribe?token=${encodeURIComponent(token)}`);
    const form = `<form method="post" action="${action}"><button>${words.press}</button></form>`;
    return page({ locale, status: 200, title: words.title, body: `<p>${words.effect}</p>${form}` });
  }
  await Wishes.set(db, asked.accountId, asked.wish, false);
  return page({ locale, status: 200, title: words.done, body: `<p>${words.effect}</p>` });
}
