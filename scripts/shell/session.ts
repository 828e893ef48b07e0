import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { newestMail, SIGN_IN_SUBJECT } from "@imgpilot/localcloud/services/read-mailbox";

type Place = { readonly gateway: string; readonly mailbox: string; readonly dir: string };

/**
 * A bearer token for this account: the one kept from last time where it is still good, else a new sign-in by the magic
 * link that arrives in the local mailbox, pressed as a person would press it.
 */
export async function signIn(place: Place, email: string): Promise<string> {
  const kept = readKept(place)[email];
  if (kept && (await isGood(place, kept))) return kept;
  const token = await byMagicLink(place, email);
  const file = keptAt(place);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ ...readKept(place), [email]: token }, null, 2), { mode: 0o600 });
  return token;
}

async function byMagicLink({ gateway, mailbox }: Place, email: string): Promise<string> {
  const asked = new Date().toISOString();
  await post(`${gateway}/api/auth/sign-in/magic-link`, { email, ageConfirmed: true });
  const link = await linkFromMailbox(mailbox, email, asked);
  const token = new URL(link).searchParams.get("token");
  const confirmed = await post(`${gateway}/api/auth/confirm`, { token });
  const bearer = confirmed.headers.get("set-auth-token");
  if (!bearer) throw new Error(`sign-in of ${email} was confirmed, but no session came back`);
  return bearer;
}

async function linkFromMailbox(mailbox: string, email: string, since: string): Promise<string> {
  for (let tries = 0; tries < 100; tries++) {
    const mail = await newestMail(mailbox, email, since, SIGN_IN_SUBJECT);
    const link = mail?.text.match(/https?:\/\/\S+\/api\/auth\/confirm\?\S*token=\S+/)?.[0];
    if (link) return link;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no sign-in mail for ${email} arrived in the local mailbox`);
}

async function post(url: string, body: unknown): Promise<Response> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", origin: new URL(url).origin },
    body: JSON.stringify(body),
    redirect: "manual",
  });
  if (response.status >= 400) throw new Error(`sign-in failed: ${response.status} ${await response.text()}`);
  return response;
}

const isGood = async ({ gateway }: Place, token: string): Promise<boolean> =>
  (await fetch(`${gateway}/api/credits`, { headers: { authorization: `Bearer ${token}` } })).ok;

const keptAt = ({ dir }: Place) => path.join(dir, "sessions.json");

function readKept(place: Place): Record<string, string> {
  try {
    return JSON.parse(readFileSync(keptAt(place), "utf8"));
  } catch {
    return {};
  }
}
