import { type Locale, languageTag } from "@imgpilot/contract/locales";
import { isWish, type LetterName, type Letters } from "@imgpilot/core/mail";
import { type Label, type LetterWords, WORDS } from "./words.ts";

export type Asked = {
  readonly [Each in LetterName]: {
    readonly name: Each;
    readonly data: Letters[Each];
    readonly locale: Locale;
    readonly siteUrl: string;
    /** Where one click ends mails of this kind (promise S5); asked for by every mail that a person can end. */
    readonly unsubscribeUrl?: string | undefined;
  };
}[LetterName];

/** What a mail says, in order. Both of its parts are made of this, so that neither says more than the other. */
export type Letter = {
  readonly locale: Locale;
  readonly subject: string;
  readonly heading: string;
  readonly text: readonly string[];
  readonly facts: readonly Fact[];
  readonly action?: Link | undefined;
  readonly code?: { readonly label: string; readonly value: string } | undefined;
  readonly after: readonly string[];
  readonly because: string;
  readonly unsubscribe?: Link | undefined;
};
export type Link = { readonly label: string; readonly url: string };
export type Fact = { readonly label: string; readonly value: string };

/** @throws where a mail that a person can end was given no way to */
export function letterOf(asked: Asked): Letter {
  const { locale, unsubscribeUrl } = asked;
  const words = WORDS[locale];
  const { subject, heading, text, action, after = [] } = wordsOf(asked);
  const isWished = isWish(asked.name);
  if (isWished && !unsubscribeUrl)
    throw new Error(`a ${asked.name} mail needs an address that ends such mails`);
  const values = valuesOf(asked);
  const say = (line: string) => fill(line, values);
  const url = addressOf(asked);
  return {
    locale,
    subject: oneLine(say(subject)),
    heading: oneLine(say(heading ?? subject)),
    text: text.map(say),
    facts: factsOf(asked),
    action: action && url ? { label: action, url } : undefined,
    code: asked.name === "sign_in" ? { label: words.code, value: asked.data.code } : undefined,
    after: after.map(say),
    because: isWished ? words.because.wish : words.because.account,
    unsubscribe: isWished && unsubscribeUrl ? { label: words.unsubscribe, url: unsubscribeUrl } : undefined,
  };
}

const wordsOf = (asked: Asked): LetterWords =>
  asked.name === "promotional" ? asked.data : WORDS[asked.locale].letters[asked.name];

/** Values that stand within a sentence. */
function valuesOf(asked: Asked): Readonly<Record<string, string>> {
  if (asked.name === "sign_in") return { code: asked.data.code, minutes: `${asked.data.minutes}` };
  if (asked.name === "email_change") return { minutes: `${asked.data.minutes}` };
  return {};
}

/** Values that stand behind a label. */
function factsOf(asked: Asked): Fact[] {
  const { locale, name, data } = asked;
  const fact = (label: Label, value: string): Fact => ({ label: WORDS[locale].labels[label], value });
  const count = (label: Label, value: number) =>
    fact(label, new Intl.NumberFormat(languageTag(locale)).format(value));
  const moment = (label: Label, at: string) => fact(label, momentIn(locale, at));
  switch (name) {
    case "welcome":
    case "credits_low":
      return [count("credits", data.credits)];
    case "receipt":
      return [
        fact("product", data.product),
        count("credits", data.credits),
        fact("amount", money(locale, data.amount, data.currency)),
        moment("date", data.paidAt),
        fact("reference", data.reference),
      ];
    case "generation_finished":
      return [
        fact("prompt", shortened(data.prompt)),
        count("images", data.images),
        count("charged", data.charged),
      ];
    case "credits_expiring":
      return [count("credits", data.credits), moment("expires", data.expiresAt)];
    case "policy_changed":
      return [moment("date", data.effectiveAt)];
    case "export_ready":
      return [moment("expires", data.expiresAt)];
    case "account_deleted":
      return [fact("reference", data.reference)];
    case "new_sign_in":
      return [moment("date", data.at)];
    case "email_change":
    case "email_changed":
      return [fact("newEmail", data.newEmail)];
    default:
      return [];
  }
}

/** Where the button leads: a link that the mail was given, or a page of the site in the reader's language. */
function addressOf({ name, data, locale, siteUrl }: Asked): string | null {
  const page = (path: string) => new URL(`/${locale}/${path}`, siteUrl).href;
  switch (name) {
    case "sign_in":
    case "email_change":
      return data.link;
    case "promotional":
      return pathOfSite(data.path, siteUrl);
    case "generation_finished":
      return page(`history?generation=${encodeURIComponent(data.generationId)}`);
    case "receipt":
    case "credits_low":
      return page("billing");
    case "policy_changed":
      return page("privacy");
    case "export_ready":
    case "new_sign_in":
    case "email_changed":
      return page("account");
    case "account_deleted":
      return null;
    default:
      return page("create");
  }
}

/** @throws for what leads away from the site: no mail of ours sends anybody elsewhere */
function pathOfSite(path: string, siteUrl: string): string {
  const url = new URL(path, siteUrl);
  if (url.origin !== new URL(siteUrl).origin) throw new Error("a mail links to pages of the site alone");
  return url.href;
}

const fill = (text: string, values: Readonly<Record<string, string>>) =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** A subject is a header: a line break in it would end it. */
const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();

const PROMPT_CHARACTERS = 200;
const shortened = (prompt: string) => {
  const characters = [...oneLine(prompt)];
  return characters.length <= PROMPT_CHARACTERS
    ? characters.join("")
    : `${characters.slice(0, PROMPT_CHARACTERS).join("")}…`;
};

/** In UTC, said so: nobody told us where the reader is. */
const momentIn = (locale: Locale, at: string) =>
  new Intl.DateTimeFormat(languageTag(locale), {
    year: "numeric",
    month: "long",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "UTC",
    timeZoneName: "short",
  }).format(new Date(at));

/** `amount` in the currency's smallest unit, which is a hundredth of a euro and a whole yen. */
function money(locale: Locale, amount: number, currency: string): string {
  const format = new Intl.NumberFormat(languageTag(locale), { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}
