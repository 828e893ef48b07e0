import { LANGUAGES, type Locale } from "./locales.ts";

/** Instruments are read across languages, so numbers keep European digits in Arabic too. */
const tag = (locale: Locale) => `${LANGUAGES[locale].tag}-u-nu-latn`;

export const formatNumber = (locale: Locale, value: number) =>
  new Intl.NumberFormat(tag(locale)).format(value);

/** With its sign. */
export const formatChange = (locale: Locale, value: number) =>
  new Intl.NumberFormat(tag(locale), { signDisplay: "always" }).format(value);

export const formatSeconds = (locale: Locale, seconds: number) =>
  new Intl.NumberFormat(tag(locale), { style: "unit", unit: "second", unitDisplay: "short" }).format(seconds);

export const formatDay = (locale: Locale, date: Date) =>
  new Intl.DateTimeFormat(tag(locale), { dateStyle: "long" }).format(date);

export const formatTime = (locale: Locale, date: Date) =>
  new Intl.DateTimeFormat(tag(locale), { timeStyle: "short" }).format(date);

export const formatClock = (locale: Locale, date: Date) =>
  new Intl.DateTimeFormat(tag(locale), { timeStyle: "medium" }).format(date);

/** One line, and of it the first so many characters as people count them, so that no sign is cut in two. */
export function shorten(text: string, length: number): string {
  const line = text.trim().replace(/\s+/g, " ");
  const characters = [...new Intl.Segmenter().segment(line)];
  if (characters.length <= length) return line;
  return `${line.slice(0, characters[length - 1]?.index).trimEnd()}…`;
}

export const formatList = (locale: Locale, items: readonly string[]) =>
  new Intl.ListFormat(tag(locale), { type: "conjunction" }).format(items);
