import { createHash } from "node:crypto";

const STYLE = `
:root{color-scheme:light dark;--ink:#14161a;--paper:#fff;--ground:#f3f4f6;--soft:#565d6b;--press:#1d4ed8}
@media (prefers-color-scheme:dark){:root{--ink:#eceef2;--paper:#1b1e24;--ground:#101216;--soft:#a3aab8;--press:#2f62e8}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:26rem;padding:2rem;border-radius:1rem;background:var(--paper);box-shadow:0 1px 3px #0003}
.brand{margin:0;color:var(--soft);font-weight:600}
h1{margin:.25rem 0 1rem;font-size:1.5rem;line-height:1.25}
.soft{color:var(--soft)}
strong{overflow-wrap:anywhere}
label{display:flex;gap:.75rem;margin:1.25rem 0;align-items:flex-start}
input{width:1.25rem;height:1.25rem;flex:none;margin:.125rem 0 0}
button,.button{display:block;width:100%;padding:.75rem 1rem;border:0;border-radius:.5rem;background:var(--press);color:#fff;font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
:focus-visible{outline:3px solid var(--press);outline-offset:3px}
`;

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy": `default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
  // Not `no-referrer`: that would make the browser send `Origin: null` with the form, which is refused.
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-robots-tag": "noindex",
};

/** The button that signs in. Asks for the age where an account will be opened and it was not confirmed before (A4). */
export function confirmPage({
  token,
  email,
  asksAge,
}: {
  token: string;
  email: string;
  asksAge: boolean;
}): Response {
  const age = `<label><input type="checkbox" name="ageConfirmed" required><span>I am at least 16, or at least 13 and old enough where I live to agree to this myself.</span></label>`;
  return page(
    200,
    "Sign in",
    `<p>You are about to sign in as <strong>${escapeHtml(email)}</strong>.</p>
<form method="post" action="/api/auth/confirm"><input type="hidden" name="token" value="${escapeHtml(token)}">${asksAge ? age : ""}
<button>Sign in</button></form>
<p class="soft">Go on only if you have just asked for this.</p>`,
  );
}

/** Why there was no sign-in, and the way back. */
export function refusalPage(status: number, code: string): Response {
  const [title, why] = WORDS[code] ?? [
    "That did not work",
    "Something went wrong on our side. Please try again.",
  ];
  return page(
    status,
    title,
    `<p role="alert">${why}</p><p><a class="button" href="/">Back to ImgPilot</a></p>`,
  );
}

const WORDS: Record<string, [title: string, why: string]> = {
  "sign_in.invalid": [
    "This link is used up",
    "It works once, within ten minutes. Ask for a new mail and use the newest one.",
  ],
  "request.invalid": [
    "This link is broken",
    "Part of it is missing. Open it from the mail once more, or ask for a new mail.",
  ],
  "age.unconfirmed": ["Confirm your age first", "Go back, tick the box and press the button again."],
  "origin.refused": ["Open the link once more", "The button was not pressed on our own page."],
  "rate.limited": ["Too many tries", "Wait a while, then open the link again."],
};

function page(status: number, title: string, body: string): Response {
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · ImgPilot</title><style>${STYLE}</style></head>
<body><main><p class="brand">ImgPilot</p><h1>${title}</h1>${body}</main></body></html>`;
  return new Response(html, { status, headers: HEADERS });
}

const escapeHtml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
