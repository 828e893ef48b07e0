import type { Locale } from "@imgpilot/contract/locales";
import { escapeHtml, page } from "../pages/page.ts";
import { CONFIRM_WORDS } from "./confirm-words.ts";
import { REFUSAL_WORDS, type Reason } from "./refusal-words.ts";

type Confirmation = {
  readonly locale: Locale;
  readonly token: string;
  readonly email: string;
  readonly asksAge: boolean;
};

/** The button that signs in. Asks for the age where an account will be opened and it was not confirmed before (A4). */
export function confirmPage({ locale, token, email, asksAge }: Confirmation): Response {
  const words = CONFIRM_WORDS[locale];
  const age = `<label><input type="checkbox" name="ageConfirmed" required><span>${words.age}</span></label>`;
  const address = `<strong><bdi>${escapeHtml(email)}</bdi></strong>`;
  return page({
    locale,
    status: 200,
    title: words.signIn,
    body: `<p>${words.about.replace("{email}", () => address)}</p>
<form method="post" action="/api/auth/confirm"><input type="hidden" name="token" value="${escapeHtml(token)}">${asksAge ? age : ""}
<button>${words.signIn}</button></form>
<p class="soft">${words.onlyIfAsked}</p>`,
  });
}

/** Why there was no sign-in, and the way back. */
export function refusalPage(locale: Locale, status: number, code: string): Response {
  const words = REFUSAL_WORDS[locale];
  const [title, why] = words[isReason(code) ? code : "other"];
  return page({
    locale,
    status,
    title,
    body: `<p role="alert">${why}</p><p><a class="button" href="/${locale}/">${words.back}</a></p>`,
  });
}

const isReason = (code: string): code is Reason => code !== "back" && Object.hasOwn(REFUSAL_WORDS.en, code);
