/** The languages of the platform, in the order in which a menu shows them. The first is the one for everybody else. */
export const LOCALES = ["en", "zh", "ja", "ko", "es", "fr", "de", "ar"] as const;
export type Locale = (typeof LOCALES)[number];

export const isLocale = (text: string | undefined | null): text is Locale => LOCALES.includes(text as Locale);
