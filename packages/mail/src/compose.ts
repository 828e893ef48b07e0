import type { Mail } from "@imgpilot/core/mail";
import { type Asked, type Letter, letterOf } from "./letter.ts";
import { letterHtml } from "./letter-html.ts";

type Composed = Pick<Mail, "subject" | "text" | "html" | "headers">;

/**
 * A mail in the reader's language, as HTML and as text. The same for the same input, always: a provider takes a mail that
 * is sent again under its key only if nothing in it has changed.
 */
export function compose(asked: Asked): Composed {
  const letter = letterOf(asked);
  return {
    subject: letter.subject,
    text: letterText(letter),
    html: letterHtml(letter),
    ...(letter.unsubscribe ? { headers: oneClick(letter.unsubscribe.url) } : {}),
  };
}

/** RFC 8058: the mail program itself shows a button, and presses it with a POST. */
const oneClick = (url: string) => ({
  "List-Unsubscribe": `<${url}>`,
  "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
});

/** The text part: every word and every link of the other one. */
function letterText({ heading, text, facts, action, code, after, because, unsubscribe }: Letter): string {
  const parts = [
    heading,
    ...text,
    facts.map(({ label, value }) => `${label}: ${value}`).join("\n"),
    action ? `${action.label}:\n${action.url}` : "",
    code ? `${code.label}: ${code.value}` : "",
    after.join("\n"),
    unsubscribe ? `-- \n${because}\n${unsubscribe.label}:\n${unsubscribe.url}` : `-- \n${because}`,
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
