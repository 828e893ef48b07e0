import type { Locale } from "@imgpilot/contract/locales";
import type { Db } from "@imgpilot/core/db";
import type { Limits } from "@imgpilot/core/limits";
import type { Mailer } from "@imgpilot/core/mail";
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { betterAuth } from "better-auth/minimal";
import { bearer } from "better-auth/plugins/bearer";
import { localeOf } from "./locale.ts";
import { mailSignIn } from "./mail-sign-in.ts";
import { tables } from "./tables.ts";

/** `locale`: the language that they came in. */
type NewUser = { readonly id: string; readonly email: string; readonly locale: Locale };

export type AuthConfig = {
  readonly db: Db;
  /** At least 32 random characters. Signs sessions and codes: changing it signs everybody out. */
  readonly secret: string;
  readonly siteUrl: string;
  readonly mailer: Mailer;
  readonly limits: Limits;
  /** Once, when a person first signs in. Work that must not be lost if it fails is done at its first need as well. */
  readonly onUserCreated: (user: NewUser) => Promise<void>;
  /** Told what went wrong where the answer does not say it: a mail that was not sent, what Better Auth would have logged. */
  readonly onFault?: (fault: Error) => void;
};

export type Auth = {
  readonly engine: ReturnType<typeof engineOf>;
  readonly limits: Limits;
  readonly siteUrl: string;
  readonly onFault: (fault: Error) => void;
};

const COOKIE_PREFIX = "imgpilot";
const SESSION_DAYS = 30;
const DAY_SECONDS = 86_400;

export const createAuth = (config: AuthConfig): Auth => ({
  engine: engineOf(config),
  limits: config.limits,
  siteUrl: config.siteUrl,
  onFault: config.onFault ?? (() => {}),
});

/** Innermost, without what was wrapped around it: a failed query is reported without its parameters, which are personal. */
export function rootOf(fault: unknown): unknown {
  return fault instanceof Error && fault.cause ? rootOf(fault.cause) : fault;
}

function engineOf({ db, secret, siteUrl, mailer, onUserCreated, onFault }: AuthConfig) {
  return betterAuth({
    appName: "ImgPilot",
    baseURL: siteUrl,
    basePath: "/api/auth",
    secret,
    database: drizzleAdapter(db, { provider: "pg", schema: tables }),
    // A signature is asked for, so that a token read from the database is worth nothing.
    plugins: [mailSignIn({ mailer, siteUrl }), bearer({ requireSignature: true })],
    session: { expiresIn: SESSION_DAYS * DAY_SECONDS, updateAge: DAY_SECONDS },
    user: {
      additionalFields: { ageConfirmedAt: { type: "date", required: false, input: false, returned: false } },
    },
    databaseHooks: {
      user: {
        create: {
          after: ({ id, email }, ctx) => onUserCreated({ id, email, locale: localeOf(ctx?.headers) }),
        },
      },
      // Neither is among what is stored about a person (promise A2).
      session: {
        create: { before: async (session) => ({ data: { ...session, ipAddress: null, userAgent: null } }) },
      },
    },
    // Faults are thrown, for the caller to answer as it answers its own, instead of a bare 500.
    onAPIError: { throw: true },
    logger: {
      level: "error",
      log: (_level, message, ...details) =>
        onFault?.(new Error(message, { cause: rootOf(details.find((detail) => detail instanceof Error)) })),
    },
    advanced: {
      // Said aloud, because Better Auth leaves both checks out where NODE_ENV is `test`.
      disableCSRFCheck: false,
      disableOriginCheck: false,
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: siteUrl.startsWith("https:"),
      ipAddress: { disableIpTracking: true },
      // It would insist on a column for passwords, and there is none (promise A1).
      database: { validateSchema: false },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
  });
}
