import type { Locale } from "@imgpilot/contract/locales";
import type { LetterName } from "@imgpilot/core/mail";
import { ar } from "./words/ar.ts";
import { de } from "./words/de.ts";
import { en } from "./words/en.ts";
import { es } from "./words/es.ts";
import { fr } from "./words/fr.ts";
import { ja } from "./words/ja.ts";
import { ko } from "./words/ko.ts";
import { zh } from "./words/zh.ts";

/** `{name}` stands for a value. The heading is the subject where none is given. */
export type LetterWords = {
  readonly subject: string;
  readonly heading?: string;
  /** Paragraphs. */
  readonly text: readonly string[];
  /** What the button does. */
  readonly action?: string;
  /** Small, after the button. */
  readonly after?: readonly string[];
};

export type Words = {
  /** Numbers stand behind a label, so that no language has to decline what is counted. */
  readonly labels: Readonly<Record<Label, string>>;
  readonly code: string;
  /** Why this mail came, one for each kind of reason. */
  readonly because: { readonly account: string; readonly wish: string };
  readonly unsubscribe: string;
  readonly letters: Readonly<Record<Exclude<LetterName, "promotional">, LetterWords>>;
};

export type Label =
  | "amount"
  | "charged"
  | "credits"
  | "date"
  | "expires"
  | "images"
  | "product"
  | "prompt"
  | "reference"
  | "newEmail";

export const WORDS: Readonly<Record<Locale, Words>> = { en, zh, ja, ko, es, fr, de, ar };
