import type { Mailer } from "@imgpilot/core/mail";
import { runtime } from "../runtime.ts";
import { lazily } from "./lazily.ts";

export const mail: Mailer = lazily(async () => {
  const { setting, secret } = runtime();
  const { createResendMailer } = await import("@imgpilot/adapters/resend-mailer");
  const apiKey = await secret("RESEND_API_KEY");
  return createResendMailer({ apiKey, from: setting("MAIL_FROM"), baseUrl: setting("RESEND_BASE_URL") });
});
