import type { Mailer } from "@imgpilot/core/mail";
import { openIdentity } from "./identity.ts";
import { once } from "./once.ts";

/** Nobody signs in through the functions that only ask who somebody is, so these were given no mail. */
const noMail: Mailer = {
  send: () => Promise.reject(new Error("This function was not given mail")),
};

const identity = once(() => openIdentity(noMail));

/** Who the cookie or bearer token stands for. */
export async function signedIn(headers: Headers): Promise<{ userId: string } | "missing" | "expired"> {
  const [{ sessionOf }, auth] = await Promise.all([import("@imgpilot/adapters/auth"), identity()]);
  return sessionOf(auth, headers);
}
