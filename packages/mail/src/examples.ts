import type { Locale } from "@imgpilot/contract/locales";
import type { LetterName, Letters } from "@imgpilot/core/mail";
import type { Asked } from "./letter.ts";

const SITE = "https://imgpilot.example";
const AT = "2026-03-14T15:09:26Z";

/** One of each kind, as the preview shows them and the tests read them. */
const EXAMPLES: Letters = {
  sign_in: { link: `${SITE}/api/auth/confirm?token=example&x=1`, code: "042137", minutes: 10 },
  welcome: { credits: 32 },
  receipt: {
    product: "Pro",
    credits: 2_000,
    amount: 1_999,
    currency: "EUR",
    reference: "in_1Example",
    paidAt: AT,
  },
  generation_finished: {
    generationId: "gen_01EXAMPLE",
    prompt: "un renard roux dans la neige, 初光",
    images: 4,
    charged: 16,
  },
  credits_low: { credits: 3 },
  credits_expiring: { credits: 120, expiresAt: AT },
  policy_changed: { effectiveAt: AT },
  export_ready: { expiresAt: AT },
  account_deleted: { reference: "era_01EXAMPLE" },
  new_sign_in: { at: AT },
  email_change: { newEmail: "neu@example.com", link: `${SITE}/api/account/email?token=example`, minutes: 60 },
  email_changed: { newEmail: "neu@example.com" },
  promotional: {
    subject: "Nano Banana 3",
    text: ["Nano Banana 3 → ImgPilot."],
    action: "ImgPilot",
    path: "/create",
  },
};

export const EXAMPLE_NAMES = Object.keys(EXAMPLES) as LetterName[];

export const lettersIn = (locale: Locale): Asked[] =>
  EXAMPLE_NAMES.map(
    (name) =>
      ({
        name,
        data: EXAMPLES[name],
        locale,
        siteUrl: SITE,
        unsubscribeUrl: `${SITE}/api/mail/unsubscribe?token=example.${name}`,
      }) as Asked,
  );
