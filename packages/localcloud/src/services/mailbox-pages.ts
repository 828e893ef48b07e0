import type { StoredMail } from "./mailbox-store.ts";

/** Every mail, newest first; looks again every few seconds. */
export function inboxPage(mails: readonly StoredMail[]): string {
  const rows = mails.map(
    (mail) =>
      `<li><a href="/inbox/${mail.id}"><strong>${escapeHtml(mail.subject)}</strong><span>${escapeHtml(mail.to.join(", "))}</span>` +
      `<time datetime="${mail.createdAt}">${when(mail)}</time></a></li>`,
  );
  const list =
    rows.length > 0
      ? `<ul>${rows.join("")}</ul>`
      : "<p>No mail yet. Ask for a sign-in link, and it comes here.</p>";
  return frame(
    "Mailbox",
    `<h1>Mailbox</h1><p>Mails stay on this machine. <a href="/previews">Every mail in every language</a></p>${list}`,
    '<meta http-equiv="refresh" content="4">',
  );
}

/** One mail with its envelope. */
export function mailPage(mail: StoredMail): string {
  const head = `<p><a href="/inbox">All mails</a></p><h1>${escapeHtml(mail.subject)}</h1>`;
  const envelope = `<p>From ${escapeHtml(mail.from)}<br>To ${escapeHtml(mail.to.join(", "))}<br>${when(mail)}</p>`;
  return frame(mail.subject, head + envelope + partsOf(mail));
}

/** Both parts: the HTML without scripts, links opening in a new tab, and the text as it is. */
export function partsOf(mail: Pick<StoredMail, "html" | "text">): string {
  const html =
    mail.html === null
      ? ""
      : `<h2>HTML</h2><iframe title="The mail" sandbox="allow-popups allow-popups-to-escape-sandbox" srcdoc="${escapeHtml(`<base target="_blank">${mail.html}`)}"></iframe>`;
  const text = mail.text === null ? "" : `<h2>Text</h2><pre dir="auto">${escapeHtml(mail.text)}</pre>`;
  return html + text;
}

const when = ({ createdAt }: StoredMail) => createdAt.slice(0, 19).replace("T", " ");

export const frame = (title: string, body: string, head = "") => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">${head}
<title>${escapeHtml(title)}</title><style>
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
main { max-width: 46rem; margin: 0 auto; padding: 2rem 1rem }
h1 { line-height: 1.2 } h2 { font-size: 1rem; margin-top: 2rem }
ul { list-style: none; padding: 0 } li { border-top: 1px solid #8886 }
li a { display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; padding: .75rem 0; color: inherit; text-decoration: none }
li a:hover strong { text-decoration: underline } li span { grid-row: 2 } time { opacity: .7; font-variant-numeric: tabular-nums }
iframe { width: 100%; min-height: 28rem; border: 1px solid #8886; border-radius: .5rem; background: #fff }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8886; border-radius: .5rem; padding: 1rem }
</style></head><body><main>${body}</main></body></html>`;

export const escapeHtml = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
