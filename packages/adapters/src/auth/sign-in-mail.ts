import type { Mail } from "@imgpilot/core/mail";
import { SIGN_IN_MINUTES } from "./pending-sign-ins.ts";

type SignIn = {
  readonly email: string;
  readonly siteUrl: string;
  readonly token: string;
  readonly code: string;
  readonly tokenHash: string;
};

/** The link opens a page with a button: a scanner that follows links signs nobody in (promise A5). */
export function signInMail({ email, siteUrl, token, code, tokenHash }: SignIn): Mail {
  const link = new URL("/api/auth/confirm", siteUrl);
  link.searchParams.set("token", token);
  const spaced = `${code.slice(0, 3)} ${code.slice(3)}`;
  const life = `Both work once, within ${SIGN_IN_MINUTES} minutes.`;
  const unasked = "If you did not ask for this, do nothing: without this mail nobody can sign in as you.";
  return {
    to: email,
    subject: `${code} is your ImgPilot code`,
    idempotencyKey: `sign-in/${tokenHash}`,
    text: `Sign in to ImgPilot\n\nOpen this link:\n${link}\n\nor enter this code: ${code}\n\n${life}\n${unasked}\n`,
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>Sign in</title></head>
<body style="font:16px/1.5 system-ui,sans-serif;margin:0;padding:24px"><div style="max-width:30rem;margin:0 auto">
<h1 style="font-size:22px;line-height:1.3">Sign in to ImgPilot</h1>
<p><a href="${link}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1d4ed8;color:#fff;text-decoration:none">Sign in</a></p>
<p>Or enter this code:</p><p style="font:600 28px/1 ui-monospace,monospace;letter-spacing:.1em">${spaced}</p>
<p>${life}<br>${unasked}</p></div></body></html>`,
  };
}
