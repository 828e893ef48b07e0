import { createHash } from "node:crypto";
import { direction, type Locale, languageTag } from "@imgpilot/contract/locales";

/** The site's tokens (`site/src/styles/tokens.css`), as far as a card with a button needs them. */
const STYLE = `
:root{color-scheme:light dark;
--ground:light-dark(oklch(.968 .006 82),oklch(.168 .006 55));--surface:light-dark(oklch(.99 .004 84),oklch(.205 .007 55));
--line:light-dark(oklch(.875 .01 78),oklch(.315 .009 55));--ink:light-dark(oklch(.235 .012 60),oklch(.945 .008 78));
--soft:light-dark(oklch(.4 .014 60),oklch(.82 .01 74));--safelight:light-dark(oklch(.545 .19 33),oklch(.715 .175 38));
--on-safelight:light-dark(oklch(.99 .006 80),oklch(.17 .03 38))}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,"Noto Sans","Noto Sans Arabic",sans-serif}
main{width:100%;max-width:26rem;padding:2rem;border:1px solid var(--line);border-radius:12px;background:var(--surface)}
.brand{margin:0;color:var(--soft);font-weight:600}
h1{margin:.25rem 0 1rem;font-size:1.5625rem;line-height:1.25}
.soft{color:var(--soft)}
strong{overflow-wrap:anywhere}
label{display:flex;gap:.75rem;margin:1.25rem 0;align-items:flex-start}
input{width:1.25rem;height:1.25rem;flex:none;margin:.125rem 0 0;accent-color:var(--safelight)}
button,.button{display:block;width:100%;padding:.75rem 1rem;border:0;border-radius:6px;background:var(--safelight);color:var(--on-safelight);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
:focus-visible{outline:3px solid var(--safelight);outline-offset:3px}
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

type Page = {
  readonly locale: Locale;
  readonly status: number;
  readonly title: string;
  /** HTML, whose values have been escaped. */
  readonly body: string;
};

/** A page that a mail's link opens: one card, no script, nothing to load. */
export function page({ locale, status, title, body }: Page): Response {
  const html = `<!doctype html>
<html lang="${languageTag(locale)}" dir="${direction(locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · ImgPilot</title><style>${STYLE}</style></head>
<body><main><p class="brand">ImgPilot</p><h1>${title}</h1>${body}</main></body></html>`;
  return new Response(html, { status, headers: HEADERS });
}

export const escapeHtml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
