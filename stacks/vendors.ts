import { type Stack, use } from "sst/constructs";
import { Secrets } from "./secrets.ts";
import { setting } from "./settings.ts";

/** Who else is spoken to: the model providers and the mailer, each with its key and its address. */
export function vendors(stack: Stack) {
  const secrets = use(Secrets);
  const addresses = {
    GOOGLE_BASE_URL: setting(stack, "GOOGLE_BASE_URL", "https://generativelanguage.googleapis.com"),
    OPENAI_BASE_URL: setting(stack, "OPENAI_BASE_URL", "https://api.openai.com"),
    XAI_BASE_URL: setting(stack, "XAI_BASE_URL", "https://api.x.ai"),
  };
  return {
    providers: {
      secrets: [
        secrets.GOOGLE_API_KEY,
        secrets.BFL_API_KEY,
        secrets.OPENAI_API_KEY,
        secrets.XAI_API_KEY,
        secrets.FAL_API_KEY,
        secrets.REPLICATE_API_KEY,
      ],
      environment: {
        ...addresses,
        BFL_BASE_URL: setting(stack, "BFL_BASE_URL", "https://api.bfl.ai"),
        FAL_BASE_URL: setting(stack, "FAL_BASE_URL", "https://queue.fal.run"),
        REPLICATE_BASE_URL: setting(stack, "REPLICATE_BASE_URL", "https://api.replicate.com"),
      },
    },
    /** Those of them that chat. */
    chat: {
      secrets: [secrets.GOOGLE_API_KEY, secrets.OPENAI_API_KEY, secrets.XAI_API_KEY],
      environment: addresses,
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
