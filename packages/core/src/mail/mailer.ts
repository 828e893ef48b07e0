/** A mail to one address. The same `idempotencyKey` with the same content is delivered once, however often it is sent. */
export type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Such as `List-Unsubscribe`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly idempotencyKey: string;
};

export type Mailer = {
  /** Resolves when the mail provider has taken the mail. Throws `MailNotSent`. */
  readonly send: (mail: Mail) => Promise<void>;
};

/** What to do next. `later`: send the same mail again, with the same key; `never`: it is refused for good; `taken`: an earlier try got through. */
type Advice = "later" | "never" | "taken";

/** The provider did not take the mail. */
export class MailNotSent extends Error {
  override readonly name = "mail.not_sent";
  readonly advice: Advice;
  /** How long the provider wants to be left alone, where it said so. */
  readonly retryAfterSeconds: number | null;

  constructor(message: string, advice: Advice, retryAfterSeconds: number | null = null) {
    super(message);
    this.advice = advice;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
