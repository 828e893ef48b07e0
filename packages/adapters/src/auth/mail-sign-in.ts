import { Refusal } from "@imgpilot/core/errors";
import type { Mailer } from "@imgpilot/core/mail";
import type { BetterAuthPlugin, GenericEndpointContext } from "better-auth";
import { createAuthEndpoint, formCsrfMiddleware } from "better-auth/api";
import { setSessionCookie } from "better-auth/cookies";
import type { z } from "zod";
import { localeOf } from "./locale.ts";
import {
  consume,
  findByCode,
  findByToken,
  openSignIn,
  type PendingSignIn,
  pendingSignInSchema,
} from "./pending-sign-ins.ts";
import { ConfirmSignIn, EnterCode, RequestSignIn } from "./requests.ts";
import { signInMail } from "./sign-in-mail.ts";

export type MailSignInOptions = { readonly mailer: Mailer; readonly siteUrl: string };

/**
 * Signing in by mail (promise A5): one mail with a link and a code, either of which signs in once, by POST. Better Auth's own
 * magic-link plugin verifies by GET, which mail scanners do, and its record has room neither for a code that dies together
 * with the link nor for the confirmation of age (A4); so this is a plugin of ours, on Better Auth's users and sessions.
 */
export function mailSignIn({ mailer, siteUrl }: MailSignInOptions) {
  const taking = <Body extends z.ZodType>(body: Body) => ({
    method: "POST" as const,
    requireHeaders: true,
    use: [formCsrfMiddleware],
    body,
  });
  return {
    id: "mail-sign-in",
    schema: pendingSignInSchema,
    endpoints: {
      requestSignIn: createAuthEndpoint("/sign-in/magic-link", taking(RequestSignIn), async (ctx) => {
        const { email, ageConfirmed, callbackURL } = ctx.body;
        const { adapter, secret } = ctx.context;
        const opened = await openSignIn(adapter, secret, { email, ageConfirmed, returnPath: callbackURL });
        const locale = localeOf(ctx.headers, callbackURL);
        await mailer.send(signInMail({ email, siteUrl, locale, ...opened }));
        // Whether there is an account was not even looked up.
        return ctx.json({ status: true });
      }),
      confirmSignIn: createAuthEndpoint("/confirm", taking(ConfirmSignIn), async (ctx) => {
        const pending = await findByToken(ctx.context.adapter, ctx.body.token);
        return ctx.json(await signIn(ctx, pending, ctx.body.ageConfirmed));
      }),
      enterCode: createAuthEndpoint("/code", taking(EnterCode), async (ctx) => {
        const { email, code, ageConfirmed } = ctx.body;
        const { adapter, secret } = ctx.context;
        return ctx.json(await signIn(ctx, await findByCode(adapter, secret, email, code), ageConfirmed));
      }),
    },
  } satisfies BetterAuthPlugin;
}

/**
 * Uses the mail up, opens the account where there is none, and starts the session.
 * @throws {Refusal} `sign_in.invalid`, or `age.unconfirmed`, which uses nothing up
 */
async function signIn(ctx: GenericEndpointContext, pending: PendingSignIn | null, ageConfirmed: boolean) {
  if (!pending) throw new Refusal("sign_in.invalid");
  const { internalAdapter, adapter } = ctx.context;
  const known = await findUser(ctx, pending.email);
  // Asked before the mail is used up, so that the person can confirm and press again.
  if (!known && !pending.ageConfirmed && !ageConfirmed) throw new Refusal("age.unconfirmed");
  if (!(await consume(adapter, pending))) throw new Refusal("sign_in.invalid");
  const user = known ?? (await openAccount(ctx, pending.email));
  if (!user.emailVerified) await forgetUnproven(ctx, user.id);
  const session = await internalAdapter.createSession(user.id);
  await setSessionCookie(ctx, { session, user: { ...user, emailVerified: true } });
  return { status: true, callbackURL: pending.returnPath, user: { id: user.id, email: user.email } };
}

const findUser = async ({ context }: GenericEndpointContext, email: string) =>
  (await context.internalAdapter.findUserByEmail(email))?.user ?? null;

async function openAccount(ctx: GenericEndpointContext, email: string) {
  const person = { email, emailVerified: true, name: "", ageConfirmedAt: new Date() };
  try {
    return await ctx.context.internalAdapter.createUser(person, { method: "magic-link" });
  } catch (error) {
    // Two mails to a new address, both pressed at once: the address is unique, and the second one finds the first's account.
    const user = await findUser(ctx, email);
    if (!user) throw error;
    return user;
  }
}

/** Whoever held this address before without proving it loses what they linked to it and every session. */
async function forgetUnproven({ context }: GenericEndpointContext, userId: string): Promise<void> {
  await context.internalAdapter.deleteAccounts(userId);
  await context.internalAdapter.deleteUserSessions(userId);
  await context.internalAdapter.updateUser(userId, { emailVerified: true });
}
