import {
  direction,
  isLocale,
  LOCALES,
  type Locale,
  localeOfPath,
  pickLocale,
} from "@imgpilot/contract/locales";

export { direction, isLocale, LOCALES, type Locale, localeOfPath, pickLocale };

/** Each language in its own words, and the tag that browsers and search engines know it by. */
export const LANGUAGES: Readonly<Record<Locale, { name: string; tag: string; og: string }>> = {
  en: { name: "English", tag: "en", og: "en_GB" },
  zh: { name: "简体中文", tag: "zh-Hans", og: "zh_CN" },
  ja: { name: "日本語", tag: "ja", og: "ja_JP" },
  ko: { name: "한국어", tag: "ko", og: "ko_KR" },
  es: { name: "Español", tag: "es", og: "es_ES" },
  fr: { name: "Français", tag: "fr", og: "fr_FR" },
  de: { name: "Deutsch", tag: "de", og: "de_DE" },
  ar: { name: "العربية", tag: "ar", og: "ar_AR" },
};

/** A page's address in a language. `page` is the path after the locale: "" is home, "create" the studio. */
export const pageIn = (locale: Locale, page: string) => `/${locale}/${page}`;

/**
 * Where a page is that was asked for in a slightly different way: `/de` is at `/de/`, `/de/create/` at `/de/create`. The
 * edge has made file names of both by then. A plain `.html` is left alone: of what does not exist it would be for ever
 * sent back and forth.
 */
export function tidied(path: string): string | null {
  const locale = localeOfPath(path);
  if (!locale) return null;
  if (/^\/\w+(?:\.html)?$/.test(path)) return pageIn(locale, "");
  const page = /^\/\w+\/([\w-]+)\/(?:index\.html)?$/.exec(path)?.[1];
  return page ? pageIn(locale, page) : null;
}

export const localePaths = () => LOCALES.map((locale) => ({ params: { locale } }));
