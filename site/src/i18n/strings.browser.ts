import { isLocale, type Locale } from "./locales.ts";

type Strings = typeof import("../paraglide/messages/_index.js");

const files: Record<Locale, () => Promise<unknown>> = {
  en: () => import("../paraglide/messages/en.js"),
  zh: () => import("../paraglide/messages/zh.js"),
  ja: () => import("../paraglide/messages/ja.js"),
  ko: () => import("../paraglide/messages/ko.js"),
  es: () => import("../paraglide/messages/es.js"),
  fr: () => import("../paraglide/messages/fr.js"),
  de: () => import("../paraglide/messages/de.js"),
  ar: () => import("../paraglide/messages/ar.js"),
};

const spoken = document.documentElement.dataset.locale;

export const locale = (): Locale => (isLocale(spoken) ? spoken : "en");

/** The page's language and no other: seven eighths of the strings never travel. */
export const m = (await files[locale()]()) as Strings;
