/** The languages of the platform, in the order in which a menu shows them. The first is the one for everybody else. */
export const LOCALES = ["en", "zh", "ja", "ko", "es", "fr", "de", "ar"] as const;
export type Locale = (typeof LOCALES)[number];

export const isLocale = (text: string | undefined | null): text is Locale => LOCALES.includes(text as Locale);

/** As documents and browsers name the language. */
export const languageTag = (locale: Locale): string => (locale === "zh" ? "zh-Hans" : locale);

export const direction = (locale: Locale): "rtl" | "ltr" => (locale === "ar" ? "rtl" : "ltr");

/** The locale that a path is prefixed with, or null: `/de/create` is `de`, `/share/x` is none. */
export function localeOfPath(path: string): Locale | null {
  const first = path.split(/[/?#]/)[1]?.replace(/\.html$/, "");
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
