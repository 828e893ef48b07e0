import { isLocale, LOCALES, type Locale } from "@imgpilot/contract/locales";

export { isLocale, LOCALES, type Locale };

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

export const direction = (locale: Locale): "rtl" | "ltr" => (locale === "ar" ? "rtl" : "ltr");

/** The locale that a path is prefixed with, or null: `/de/create` is `de`, `/share/x` is none. */
export function localeOfPath(path: string): Locale | null {
  const first = path.split("/")[1]?.replace(/\.html$/, "");
  return isLocale(first) ? first : null;
}

/** The best of our languages for an `Accept-Language` header; English when none fits. */
export function pickLocale(accepted: string | null): Locale {
  const wishes = (accepted ?? "")
    .split(",")
    .map((part) => {
      const [tag = "", ...parameters] = part.trim().toLowerCase().split(";");
      const quality = parameters.map((text) => /^\s*q=([\d.]+)$/.exec(text)?.[1]).find(Boolean);
      return { language: tag.split("-")[0], quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter((wish) => wish.quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wishes.map((wish) => wish.language).find(isLocale) ?? "en";
}

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
