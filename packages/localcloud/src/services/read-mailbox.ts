export type ReadMail = {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly createdAt: string;
};

type Listed = { id: string; to: string[]; subject: string; created_at: string };
type Full = { id: string; subject: string; text: string | null; html: string | null; created_at: string };

/**
 * The newest mail to an address in the local mailbox, null where there is none (`after`: only mails that came later, as
 * RFC 3339; `subject`: only mails about this). Asks as one asks Resend: `GET /emails`, then `GET /emails/<id>` for the text.
 */
export async function newestMail(
  mailboxUrl: string,
  to: string,
  after = "",
  subject = /^/,
): Promise<ReadMail | null> {
  const { data } = await ask<{ data: Listed[] }>(mailboxUrl, "/emails");
  const wanted = to.toLowerCase();
  const found = data.find(
    (mail) =>
      mail.created_at > after && subject.test(mail.subject) && mail.to.some((each) => bare(each) === wanted),
  );
  if (!found) return null;
  const mail = await ask<Full>(mailboxUrl, `/emails/${found.id}`);
  return {
    id: mail.id,
    subject: mail.subject,
    text: mail.text ?? "",
    html: mail.html ?? "",
    createdAt: mail.created_at,
  };
}

/** Of a mail to sign in with, in whatever language: the code comes first. */
export const SIGN_IN_SUBJECT = /^\d{6}/;

/** `Name <name@example.com>` names the same mailbox as `name@example.com`. */
const bare = (address: string) => (/<([^<>]+)>$/.exec(address)?.[1] ?? address).toLowerCase();

async function ask<T>(mailboxUrl: string, path: string): Promise<T> {
  const response = await fetch(new URL(path, mailboxUrl), {
    headers: { authorization: "Bearer local" },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`The mailbox answered ${response.status} to ${path}`);
  return (await response.json()) as T;
}
