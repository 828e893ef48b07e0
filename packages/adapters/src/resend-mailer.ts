import { type Mailer, MailNotSent } from "@imgpilot/core/mail";
import { Resend } from "resend";

export type ResendConfig = {
  readonly apiKey: string;
  /** `ImgPilot <hello@example.com>` */
  readonly from: string;
  readonly baseUrl: string;
};

const SEND_SECONDS = 10;

/** Sends by Resend, whose client answers errors instead of throwing them: here they are thrown. */
export function createResendMailer({ apiKey, from, baseUrl }: ResendConfig): Mailer {
  const resend = new Resend(apiKey, { baseUrl });
  return {
    async send({ to, subject, text, html, headers, idempotencyKey }) {
      const { error, headers: answered } = await resend.post<{ id: string }>(
        "/emails",
        { from, to: [to], subject, text, html, ...(headers ? { headers } : {}) },
        { idempotencyKey, signal: AbortSignal.timeout(SEND_SECONDS * 1000) },
      );
      if (!error) return;
      const { statusCode: status, name, message } = error;
      throw new MailNotSent(
        `${name} (${status ?? "no answer"}): ${message}`,
        adviceFor(status, name),
        secondsOf(answered?.["retry-after"]),
      );
    },
  };
}

/**
 * The key was used for a mail that has changed since, as by a new version of its words: that mail was taken. A mail that is
 * not valid never will be. Everything else passes: no status means that Resend was not reached or did not answer in time,
 * a used-up quota renews, and a wrong key or domain is ours to set right. The idempotency key makes trying again safe.
 */
function adviceFor(status: number | null, name: string): MailNotSent["advice"] {
  if (name === "invalid_idempotent_request") return "taken";
  return status === 400 || status === 422 ? "never" : "later";
}

const secondsOf = (header: string | undefined): number | null => {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
};
