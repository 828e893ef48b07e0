import { readFileSync } from "node:fs";
import type { Locale } from "@imgpilot/contract/locales";
import type en from "../../site/messages/en.json";

type Plural = readonly [{ readonly match: Readonly<Record<string, string>> }];
type Value = string | number;

/** Says what the site says in a language, read from the site's own strings: `say("images", { count: 3 })`. */
export type Say = (key: keyof typeof en, values?: Readonly<Record<string, Value>>) => string;

export function wordsOf(locale: Locale): Say {
  const file = new URL(`../../site/messages/${locale}.json`, import.meta.url);
  const strings: Record<string, string | Plural> = JSON.parse(readFileSync(file, "utf8"));
  const rules = new Intl.PluralRules(locale);
  return (key, values = {}) => {
    const string = strings[key];
    if (string === undefined) throw new Error(`The site has no string "${key}"`);
    const template = typeof string === "string" ? string : formOf(string, rules.select(Number(values.count)));
    return template.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? `{${name}}`));
  };
}

function formOf([{ match }]: Plural, form: Intl.LDMLPluralRule): string {
  const template = match[`plural=${form}`] ?? match["plural=other"];
  if (template === undefined) throw new Error(`No plural form "${form}" among ${Object.keys(match)}`);
  return template;
}
