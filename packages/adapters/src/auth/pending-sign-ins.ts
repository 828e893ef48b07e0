import { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import type { BetterAuthPlugin } from "better-auth";

/** A mail that was asked for and not used yet. `token` and `code` are known to the mail alone. */
export type PendingSignIn = {
  readonly id: string;
  readonly email: string;
  readonly tokenHash: string;
  readonly codeHash: string;
  readonly ageConfirmed: boolean;
  readonly returnPath: string;
  readonly expiresAt: Date;
};

export const SIGN_IN_MINUTES = 10;
export const CODE_TRIES = 5;

/** What of Better Auth's database we use: each call is one statement, so no race can use a mail twice. */
type Where = { field: string; value: string | number | Date; operator?: "eq" | "gt" | "lt" };
type By = { model: string; where: Where[] };
export type Store = {
  create: (row: { model: string; data: Record<string, unknown> }) => Promise<unknown>;
  findOne: <T>(by: By) => Promise<T | null>;
  findMany: <T>(by: By & { sortBy: { field: string; direction: "desc" }; limit: number }) => Promise<T[]>;
  consumeOne: <T>(by: By) => Promise<T | null>;
  incrementOne: <T>(by: By & { increment: Record<string, number> }) => Promise<T | null>;
  deleteMany: (by: By) => Promise<number>;
};

const model = "signIn";
export const pendingSignInSchema = {
  signIn: {
    fields: {
      email: { type: "string", required: true },
      tokenHash: { type: "string", required: true, unique: true },
      codeHash: { type: "string", required: true },
      triesLeft: { type: "number", required: true },
      ageConfirmed: { type: "boolean", required: true },
      returnPath: { type: "string", required: true },
      createdAt: { type: "date", required: true },
      expiresAt: { type: "date", required: true },
    },
  },
} satisfies BetterAuthPlugin["schema"];

type NewSignIn = { readonly email: string; readonly ageConfirmed: boolean; readonly returnPath: string };

/** Remembers hashes, answers the token and code that the mail carries. Clears away what has expired. */
export async function openSignIn(store: Store, secret: string, asked: NewSignIn) {
  const now = new Date();
  await store.deleteMany({ model, where: [{ field: "expiresAt", operator: "lt", value: now }] });
  const token = randomBytes(32).toString("base64url");
  const code = randomInt(1_000_000).toString().padStart(6, "0");
  const tokenHash = hashToken(token);
  const expiresAt = new Date(now.getTime() + SIGN_IN_MINUTES * 60_000);
  const codeHash = hashCode(secret, tokenHash, code);
  const data = { ...asked, tokenHash, codeHash, triesLeft: CODE_TRIES, createdAt: now, expiresAt };
  await store.create({ model, data });
  return { token, code, tokenHash };
}

export const findByToken = (store: Store, token: string): Promise<PendingSignIn | null> =>
  store.findOne({ model, where: [{ field: "tokenHash", value: hashToken(token) }, alive()] });

/** The newest mail to the address, if this is its code. Whatever the code, one of its tries is gone. */
export async function findByCode(
  store: Store,
  secret: string,
  email: string,
  code: string,
): Promise<PendingSignIn | null> {
  const [newest] = await store.findMany<PendingSignIn>({
    model,
    where: [{ field: "email", value: email }, alive()],
    sortBy: { field: "createdAt", direction: "desc" },
    limit: 1,
  });
  if (!newest) return null;
  // Counted before it is compared, by the statement that checks the count: guesses sent all at once get no more tries.
  const tried = await store.incrementOne<PendingSignIn>({
    model,
    where: [
      { field: "id", value: newest.id },
      { field: "triesLeft", operator: "gt", value: 0 },
    ],
    increment: { triesLeft: -1 },
  });
  const isRight = tried !== null && isSame(tried.codeHash, hashCode(secret, tried.tokenHash, code));
  return isRight ? tried : null;
}

/** True for one caller alone, by link or by code: the row is both, and deleting it is using it. */
export async function consume(store: Store, { id }: PendingSignIn): Promise<boolean> {
  return (await store.consumeOne({ model, where: [{ field: "id", value: id }, alive()] })) !== null;
}

const alive = (): Where => ({ field: "expiresAt", operator: "gt", value: new Date() });

/** 256 random bits: no need of a key or of slowness. */
const hashToken = (token: string) => createHash("sha256").update(token).digest("base64url");

/** Six digits are few, so their hash has a key, and is bound to its mail. */
const hashCode = (secret: string, tokenHash: string, code: string) =>
  createHmac("sha256", secret).update(`sign-in-code:${tokenHash}:${code}`).digest("base64url");

const isSame = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
