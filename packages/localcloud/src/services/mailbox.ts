import path from "node:path";
import { type RunningService, startService } from "./service-process.ts";

export type MailboxOptions = {
  /** Keeps the mails, one JSON file each; made when missing. */
  readonly dir: string;
  /** 0 or absent: any free port. */
  readonly port?: number;
};

/**
 * Takes mails as Resend does (`POST /emails`, idempotency keys, its errors) and shows them at `/inbox` instead of delivering
 * them. Mails outlive the process. Scripts read them with `newestMail` (`read-mailbox.ts`).
 */
export const startMailbox = (options: MailboxOptions): Promise<RunningService> =>
  startService("The mailbox", new URL("./mailbox.child.ts", import.meta.url), {
    dir: path.resolve(options.dir),
    port: options.port ?? 0,
  });
