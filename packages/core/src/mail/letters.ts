/** What each kind of mail has to say, without words: those are in `packages/mail`, in every language. */
export type Letters = {
  readonly sign_in: { readonly link: string; readonly code: string; readonly minutes: number };
  readonly welcome: { readonly credits: number };
  /** `amount` in the currency's smallest unit; `paidAt` as RFC 3339. */
  readonly receipt: {
    readonly product: string;
    readonly credits: number;
    readonly amount: number;
    readonly currency: string;
    readonly reference: string;
    readonly paidAt: string;
  };
  readonly generation_finished: {
    readonly generationId: string;
    readonly prompt: string;
    readonly images: number;
    readonly charged: number;
  };
  readonly credits_low: { readonly credits: number };
  readonly credits_expiring: { readonly credits: number; readonly expiresAt: string };
  readonly policy_changed: { readonly effectiveAt: string };
  readonly export_ready: { readonly expiresAt: string };
  readonly account_deleted: { readonly reference: string };
  readonly new_sign_in: { readonly at: string };
  /** To both addresses, each with a link of its own. */
  readonly email_change: { readonly newEmail: string; readonly link: string; readonly minutes: number };
  /** To both addresses, once both have agreed. */
  readonly email_changed: { readonly newEmail: string };
  /** Written by people of the company, in the reader's language; `path` is a page of the site. */
  readonly promotional: {
    readonly subject: string;
    readonly text: readonly string[];
    readonly action: string;
    readonly path: string;
  };
};
export type LetterName = keyof Letters;

/** Mails that carry a secret are sent at once and kept nowhere; the others wait in the outbox. */
type Secret = "sign_in" | "email_change";
export type PostedName = Exclude<LetterName, Secret>;

/** What a person may ask for, and is not sent without (promises T and S5). The rest belongs to the account. */
export const WISHES = ["promotional", "generation_finished", "credits_low"] as const;
export type Wish = (typeof WISHES)[number];
export const isWish = (name: string): name is Wish => WISHES.includes(name as Wish);
