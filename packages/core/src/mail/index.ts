export { isWish, type LetterName, type Letters, type PostedName, WISHES, type Wish } from "./letters.ts";
export { type Mail, type Mailer, MailNotSent } from "./mailer.ts";
export * as Outbox from "./outbox.ts";
export * as Wishes from "./wishes.ts";
