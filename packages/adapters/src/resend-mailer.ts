import { type Mailer, MailNotSent } from "@imgpilot/core/mail";
import { Resend } from "resend";

export type ResendConfig = {
  readonly apiKey: string;
  /** `ImgPilot <hello@example.com>` */
  readonly from: string;
  readonly baseUrl: string;
};

const SEND_SECONDS = 10;

/** Errors that the same request meets again, whatever their status. A used-up quota is not among them: it renews. */
const PERMANENT = new Set(["invalid_idempotent_request", "invalid_idempotency_key"]);

/** Sends by Resend, whose client answers errors instead of throwing them: here they are thrown. */
export function createResendMailer({ apiKey, from, baseUrl }: ResendConfig): Mailer {
  const resend = new Resend(apiKey, { baseUrl });
  return {
    async send({ to, subject, text, html, idempotencyKey }) {
      const { error } = await resend.post<{ id: string }>(
        "/emails",
        { from, to: [to], subject, text, html },
        { idempotencyKey, signal: AbortSignal.timeout(SEND_SECONDS * 1000) },
      );
      if (!error) return;
      // No status: Resend was not reached, or did not answer in time. The key makes trying again safe.
      const { statusCode: status, name } = error;
      const retryable = status === null || status === 429 || status >= 500 || status === 409;
      throw new MailNotSent(
        `${name} (${status ?? "no answer"}): ${error.message}`,
        retryable && !PERMANENT.has(name),
      );
    },
  };
}
