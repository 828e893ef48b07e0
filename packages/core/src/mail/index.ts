export { type Mail, type Mailer, MailNotSent } from "./mailer.ts";
