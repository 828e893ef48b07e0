import { type Stack, use } from "sst/constructs";
import { Secrets } from "./secrets.ts";
import { setting } from "./settings.ts";

/** Who else is spoken to: the model providers and the mailer, each with its key and its address. */
export function vendors(stack: Stack) {
  const secrets = use(Secrets);
  return {
    providers: {
      secrets: [secrets.GOOGLE_API_KEY, secrets.BFL_API_KEY],
      environment: {
        GOOGLE_BASE_URL: setting(stack, "GOOGLE_BASE_URL", "https://generativelanguage.googleapis.com"),
        BFL_BASE_URL: setting(stack, "BFL_BASE_URL", "https://api.bfl.ai"),
      },
    },
    sessions: { secrets: [secrets.AUTH_SECRET], environment: {} },
    mail: {
      secrets: [secrets.RESEND_API_KEY],
      environment: {
        RESEND_BASE_URL: setting(stack, "RESEND_BASE_URL", "https://api.resend.com"),
        MAIL_FROM: setting(stack, "MAIL_FROM"),
      },
    },
  };
}
