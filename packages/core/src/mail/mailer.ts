/** A mail to one address. The same `idempotencyKey` with the same content is delivered once, however often it is sent. */
export type Mail = {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly idempotencyKey: string;
};

export type Mailer = {
  /** Resolves when the mail provider has taken the mail. Throws `MailNotSent`. */
  readonly send: (mail: Mail) => Promise<void>;
};

/** The provider did not take the mail. `retryable`: the same mail, with the same key, may be taken later. */
export class MailNotSent extends Error {
  override readonly name = "mail.not_sent";
  readonly retryable: boolean;

  constructor(message: string, retryable: boolean) {
    super(message);
    this.retryable = retryable;
  }
}
