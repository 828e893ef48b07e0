import { z } from "zod";

/** One mailbox, one spelling: Better Auth compares addresses in lower case. */
const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** `POST /api/auth/sign-in/magic-link`: mails a link and a code, whoever it is that asks. */
export const RequestSignIn = z.strictObject({
  email: Email,
  /** The person says that they are old enough (promise A4). Without it an account is opened only once they do. */
  ageConfirmed: z.boolean().default(false),
  /** Where to go once signed in: a path of this site. */
  callbackURL: z.string().max(2_000).refine(isPathOfOurs, "must be a path on this site").default("/"),
});

/** `POST /api/auth/confirm` */
export const ConfirmSignIn = z.strictObject({
  token: z.string().regex(/^[\w-]{43}$/, "is not a sign-in token"),
  ageConfirmed: z.boolean().default(false),
});

/** `POST /api/auth/code` */
export const EnterCode = z.strictObject({
  email: Email,
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, "must be six digits"),
  ageConfirmed: z.boolean().default(false),
});

/**
 * No open redirects: browsers read `//host`, `/\host` and `/<tab>/host` as another site's address. What a URL parser makes
 * of the path must be on the origin that it was resolved against.
 */
export function isPathOfOurs(path: string): boolean {
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(path) || path.includes("\\")) return false;
  const base = "https://origin.invalid";
  return URL.canParse(path, base) && new URL(path, base).origin === base;
}
