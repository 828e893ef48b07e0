import type { Locale } from "@imgpilot/contract/locales";
import { sql } from "drizzle-orm";
import type { Context } from "../context.ts";
import type { Db } from "../db/index.ts";
import { exact, verb, verbRow } from "../db/verb.ts";
import { newId } from "../ids.ts";
import type { Letters, PostedName } from "./letters.ts";
import { type Mail, type Mailer, MailNotSent } from "./mailer.ts";

/** A mail to write: to an account, an address, or an account at an address that it will not have by then. */
export type NewMail<Name extends PostedName = PostedName> = {
  readonly [Each in Name]: {
    readonly name: Each;
    readonly data: Letters[Each];
    /** What it is about, such as `receipt/in_123`: the same key is one mail. */
    readonly key: string;
    /** Absent: the account's language. */
    readonly locale?: Locale;
    readonly accountId: string | null;
    readonly address?: string;
  };
}[Name];

/** A mail that waits, as it is to be composed. */
export type Waiting = {
  readonly [Each in PostedName]: {
    readonly name: Each;
    readonly data: Letters[Each];
    readonly locale: Locale;
    readonly accountId: string | null;
  };
}[PostedName];

/** How mails become words, and how they leave. `compose` answers the same for the same mail, always. */
export type Post = {
  readonly compose: (mail: Waiting) => Promise<Omit<Mail, "to" | "idempotencyKey">>;
  readonly mailer: Mailer;
};

/**
 * The last try comes before the provider forgets the key of the first, which Resend does after 24 hours: so a mail whose
 * first try got through without an answer does not arrive twice.
 */
export const TRIES = 24;
const WAIT_MAX_SECONDS = 3_600;
const BATCH = 5;

/** For how long a mail belongs to the job that took it: longer than a job runs. */
const LEASE_SECONDS = 120;

/** How long it is known that a mail was sent, and why one was not. Neither outlives its use. */
const SENT_DAYS = 30;
const GIVEN_UP_DAYS = 7;

/**
 * Writes a mail in the caller's transaction, to be sent once that holds; answers its id, which is an earlier one's where
 * the key is known, or null where the person has not asked for such mails.
 * @throws when the key was about something else.
 */
export async function enqueue(db: Db, mail: NewMail): Promise<string | null> {
  const { key, accountId, address = null, name, locale = null, data } = mail;
  const row = await verbRow<{ id: string | null }>(
    db,
    sql`select mail_enqueue(${newId("mail")}, ${key}, ${accountId}, ${address}, ${name}, ${locale},
      ${JSON.stringify(data)}::text::jsonb) as id`,
  );
  return row.id;
}

type Row = {
  id: string;
  account_id: string | null;
  address: string | null;
  letter: string;
  locale: string;
  data: unknown;
  state: string;
  tries: number;
};
type Outcome = "sent" | "postponed" | "givenUp" | "dropped";
export type Sent = Readonly<Record<Outcome, number>>;

/**
 * Sends what is due, until nothing is, the time is up, or the provider wants no more for now: the mails after that keep
 * their tries. One mail that fails does not stop the others.
 */
export async function sendDue(ctx: Context, post: Post, seconds = 30): Promise<Sent> {
  const done = { sent: 0, postponed: 0, givenUp: 0, dropped: 0 };
  const deadline = Date.now() + seconds * 1_000;
  while (Date.now() < deadline && done.postponed === 0) {
    const rows = await verb<Row>(
      ctx.db,
      sql`select * from mail_claim(${BATCH}, make_interval(secs => ${LEASE_SECONDS}))`,
    );
    if (rows.length === 0) break;
    for (const outcome of await Promise.all(rows.map((row) => send(ctx, post, row)))) done[outcome] += 1;
  }
  return done;
}

async function send(ctx: Context, { compose, mailer }: Post, row: Row): Promise<Outcome> {
  if (row.state === "dropped" || row.address === null) return "dropped";
  try {
    const composed = await compose(waitingOf(row));
    await mailer.send({ ...composed, to: row.address, idempotencyKey: `outbox/${row.id}` });
  } catch (fault) {
    const advice = fault instanceof MailNotSent ? fault.advice : "later";
    if (advice !== "taken") return postpone(ctx, row, fault, advice === "never");
  }
  await verb(ctx.db, sql`select mail_sent(${row.id})`);
  return "sent";
}

async function postpone(ctx: Context, row: Row, fault: unknown, isRefused: boolean): Promise<Outcome> {
  const isOver = isRefused || row.tries >= TRIES;
  const wait = isOver ? null : waitSeconds(row.tries, fault);
  if (isOver || !(fault instanceof MailNotSent))
    ctx.report(fault, {
      mail: row.id,
      letter: row.letter,
      tries: row.tries,
      during: "the sending of a mail",
    });
  await verb(
    ctx.db,
    sql`select mail_not_sent(${row.id}, ${row.tries}, ${causeOf(fault)}, make_interval(secs => ${wait}))`,
  );
  return isOver ? "givenUp" : "postponed";
}

/** A minute, then twice as long each time, at most an hour; or as long as the provider asks for. */
function waitSeconds(tries: number, fault: unknown): number {
  const asked = fault instanceof MailNotSent ? (fault.retryAfterSeconds ?? 0) : 0;
  return Math.min(Math.max(60 * 2 ** (tries - 1), asked), WAIT_MAX_SECONDS);
}

/** Providers repeat the address that they do not like. */
const causeOf = (fault: unknown): string =>
  (fault instanceof Error ? fault.message : String(fault)).replaceAll(/\S+@\S+/g, "…@…").slice(0, 300);

/** What `enqueue` wrote, which is typed there. */
const waitingOf = ({ letter, data, locale, account_id }: Row) =>
  ({ name: letter, data, locale, accountId: account_id }) as Waiting;

/** Deletes what has ended long enough ago; answers how many. */
export async function forget(db: Db): Promise<number> {
  const row = await verbRow<{ forgotten: string }>(
    db,
    sql`select mail_forget(make_interval(days => ${SENT_DAYS}), make_interval(days => ${GIVEN_UP_DAYS})) as forgotten`,
  );
  return exact(row.forgotten);
}
