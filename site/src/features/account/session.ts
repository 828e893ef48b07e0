import { ask } from "../../data/client.ts";

export type Session = { user: { email: string } };

/** Who is signed in, or null. */
export async function getSession(): Promise<Session | null> {
  const answer = await ask("GET", "/api/auth/get-session");
  return isSession(answer) ? { user: { email: answer.user.email } } : null;
}

/** `callbackURL` is the path to go to once the link of the mail has signed in. */
export type MailRequest = { email: string; ageConfirmed: boolean; callbackURL: string };

/** Has a link and a six-digit code sent. Answers alike whether or not the address is known. */
export const requestMail = (request: MailRequest) => ask("POST", "/api/auth/sign-in/magic-link", request);

/** Signs in by the code of the mail. */
export const signInByCode = (email: string, code: string) => ask("POST", "/api/auth/code", { email, code });

export const signOut = () => ask("POST", "/api/auth/sign-out", {});

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const isSession = (answer: unknown): answer is Session =>
  isObject(answer) && isObject(answer.user) && typeof answer.user.email === "string";
