import { isLocale, LOCALES } from "@imgpilot/contract/locales";
import { compose } from "@imgpilot/mail/compose";
import { EXAMPLE_NAMES, lettersIn } from "@imgpilot/mail/examples";
import { escapeHtml, frame, partsOf } from "./mailbox-pages.ts";

/** Every mail that the platform can send, in every language. */
export function previewsPage(): string {
  const rows = EXAMPLE_NAMES.map((name) => {
    const links = LOCALES.map((locale) => `<a href="/previews/${name}/${locale}">${locale}</a>`);
    return `<tr><th scope="row">${name}</th><td>${links.join(" ")}</td></tr>`;
  });
  const head = `<p><a href="/inbox">All mails</a></p><h1>Every mail</h1><p>With made-up contents; nothing is sent.</p>`;
  return frame("Every mail", `${head}<table>${rows.join("")}</table>`);
}

/** One of them as it would arrive; null where there is no such mail or language. */
export function previewPage(name: string, locale: string): string | null {
  const letter = isLocale(locale) ? lettersIn(locale).find((each) => each.name === name) : undefined;
  if (!letter) return null;
  const mail = compose(letter);
  const head = `<p><a href="/previews">Every mail</a> · ${name} · ${locale}</p><h1><bdi>${escapeHtml(mail.subject)}</bdi></h1>`;
  return frame(mail.subject, head + partsOf(mail));
}
