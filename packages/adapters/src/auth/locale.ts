import { type Locale, localeOfPath, pickLocale } from "@imgpilot/contract/locales";

/**
 * The visitor's language: that of the page which they are sent back to, else of the one that they ask from, else what
 * their browser asks for.
 */
export function localeOf(headers: Headers | undefined, returnPath = "/"): Locale {
  const referer = URL.parse(headers?.get("referer") ?? "");
  return (
    localeOfPath(returnPath) ??
    localeOfPath(referer?.pathname ?? "") ??
    pickLocale(headers?.get("accept-language") ?? null)
  );
}
