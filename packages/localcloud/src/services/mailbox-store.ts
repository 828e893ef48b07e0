import { createHash, randomUUID } from "node:crypto";
import fs from "node:fs";
import path from "node:path";

export type StoredMail = {
  readonly id: string;
  readonly createdAt: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string | null;
  readonly text: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly idempotencyKey: string | null;
  readonly fingerprint: string;
};

export type NewMail = Omit<StoredMail, "id" | "createdAt" | "idempotencyKey" | "fingerprint">;

/** As long as Resend remembers a key. */
const KEY_LIFE_MS = 24 * 60 * 60 * 1000;

/** Mails as files named so that they sort by arrival. */
export class MailboxStore {
  readonly #dir: string;
  readonly #mails: StoredMail[];

  constructor(dir: string) {
    fs.mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.#dir = dir;
    const files = fs.readdirSync(dir).filter((file) => file.endsWith(".json"));
    this.#mails = files.sort().map((file) => JSON.parse(fs.readFileSync(path.join(dir, file), "utf8")));
  }

  newestFirst(): StoredMail[] {
    return this.#mails.toReversed();
  }

  find(id: string): StoredMail | undefined {
    return this.#mails.find((mail) => mail.id === id);
  }

  /** The mail's id; the first one's where the key was used for the same content; null where it was for another. */
  add(mail: NewMail, idempotencyKey: string | null): string | null {
    const fingerprint = createHash("sha256").update(JSON.stringify(mail)).digest("hex");
    const earlier = idempotencyKey === null ? undefined : this.#byKey(idempotencyKey);
    if (earlier) return earlier.fingerprint === fingerprint ? earlier.id : null;
    const stored = {
      id: randomUUID(),
      createdAt: new Date().toISOString(),
      ...mail,
      idempotencyKey,
      fingerprint,
    };
    this.#write(stored);
    this.#mails.push(stored);
    return stored.id;
  }

  #byKey(key: string): StoredMail | undefined {
    const oldest = new Date(Date.now() - KEY_LIFE_MS).toISOString();
    return this.#mails.find((mail) => mail.idempotencyKey === key && mail.createdAt > oldest);
  }

  #write(mail: StoredMail): void {
    const order = `${this.#mails.length}`.padStart(8, "0");
    const file = path.join(this.#dir, `${order}-${mail.id}.json`);
    // Renamed into place, so that a crash leaves no half of a mail to stumble over.
    fs.writeFileSync(`${file}.partial`, JSON.stringify(mail, null, 2), { mode: 0o600 });
    fs.renameSync(`${file}.partial`, file);
  }
}
