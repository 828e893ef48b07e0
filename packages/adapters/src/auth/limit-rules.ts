import { createHash } from "node:crypto";
import type { LimitRule, Limits } from "@imgpilot/core/limits";

const rule = (name: string, points: number, windowMinutes: number): LimitRule => ({
  name,
  points,
  windowSeconds: windowMinutes * 60,
  whenDown: "refuse",
});

/** Mails to one address: nobody's mailbox is flooded through us. */
const MAILS_TO_ADDRESS = rule("sign-in.mails", 10, 10);
/** Codes entered for one address, over all its mails: a million codes at 50 a day. */
const CODES_FOR_ADDRESS = rule("sign-in.codes", 50, 24 * 60);
/** Whatever one caller does at these doors. */
const TRIES_OF_CALLER = rule("sign-in.caller", 60, 10);

type Attempt = {
  readonly path: string;
  readonly email?: string | undefined;
  readonly ip?: string | undefined;
};

/** How many seconds to wait, 0 where the attempt may go on. Answers alike whether or not the address is known. */
export async function waitFor(limits: Limits, { path, email, ip }: Attempt): Promise<number> {
  const counted: [LimitRule, string][] = [];
  if (ip) counted.push([TRIES_OF_CALLER, ip]);
  if (email) counted.push([path === "/code" ? CODES_FOR_ADDRESS : MAILS_TO_ADDRESS, keyOf(email)]);
  for (const [each, key] of counted) {
    const { allowed, retryAfterSeconds } = await limits.consume(each, key);
    if (!allowed) return retryAfterSeconds;
  }
  return 0;
}

/** No address of a person in Redis. */
const keyOf = (email: string) => createHash("sha256").update(email).digest("base64url");
