import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** A request as it is remembered: written when it arrives, completed as it goes on. */
export type LoggedRequest = {
  readonly n: number;
  readonly at: string;
  /** What it was for: `submit` may cost money, `poll` and `sample` never do. */
  readonly kind: "submit" | "poll" | "sample" | "other";
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON with base64 elided, text that is not JSON, or null while it has not been read. */
  body: unknown;
  /** The behaviour that it met, by name. */
  behaviour: string | null;
  /** `open` until it ended; `left` when the client hung up first, `reset` when it was cut off by script. */
  outcome: "open" | "answered" | "left" | "reset";
  status: number | null;
};

const KEPT = 2_000;
const SECRET = new Set(["x-goog-api-key", "x-key", "authorization", "cookie"]);

/** The last requests of one provider, oldest first. */
export class RequestLog {
  #requests: LoggedRequest[] = [];
  #count = 0;

  get requests(): readonly LoggedRequest[] {
    return this.#requests;
  }

  arrived(request: IncomingMessage, kind: LoggedRequest["kind"]): LoggedRequest {
    const entry: LoggedRequest = {
      n: ++this.#count,
      at: new Date().toISOString(),
      kind,
      method: request.method ?? "",
      path: (request.url ?? "").replace(/([?&](?:key|sig)=)[^&]*/g, "$1…"),
      headers: headersOf(request),
      body: null,
      behaviour: null,
      outcome: "open",
      status: null,
    };
    this.#requests.push(entry);
    if (this.#requests.length > KEPT) this.#requests.shift();
    return entry;
  }

  clear(): void {
    this.#requests = [];
    this.#count = 0;
  }
}

/** Secrets are told apart by their hash, and not told. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      const text = String(value ?? "");
      return [name, SECRET.has(name) ? fingerprint(text) : text];
    }),
  );
}

/** What the log shows in place of a secret. */
export const fingerprint = (secret: string): string => `sha256:${sha256(secret).slice(0, 16)}`;

/** JSON in which every long run of base64 is replaced by its decoded length and hash, also within `data:` addresses. */
export function elided(value: unknown): unknown {
  if (typeof value === "string") return isBase64(value) ? fileIn(value) : elidedAddress(value);
  if (Array.isArray(value)) return value.map(elided);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, elided(inner)]));
  return value;
}

const isBase64 = (text: string) => text.length >= 64 && /^[A-Za-z0-9+/_-]+={0,2}$/.test(text);

/** An address that holds a file says what it is of, and how long and which. */
function elidedAddress(text: string): string {
  const [, start, base64 = ""] = /^(data:[\w/+-]+;base64,)(.+)$/s.exec(text) ?? [];
  if (!start || !isBase64(base64)) return text;
  const { bytes, sha256: hash } = fileIn(base64);
  return `${start}(${bytes} bytes, sha256:${hash})`;
}

/** A form with every field as a list, and a file as its type, length and hash. */
export async function elidedForm(form: FormData): Promise<Record<string, unknown[]>> {
  const fields: Record<string, unknown[]> = {};
  for (const [name, value] of form) {
    const told =
      typeof value === "string"
        ? value
        : { type: value.type, name: value.name, ...fileOf(Buffer.from(await value.arrayBuffer())) };
    fields[name] = [...(fields[name] ?? []), told];
  }
  return fields;
}

const fileIn = (base64: string) => fileOf(Buffer.from(base64, "base64"));
const fileOf = (bytes: Buffer) => ({ bytes: bytes.byteLength, sha256: sha256(bytes) });

const sha256 = (content: string | Buffer) => createHash("sha256").update(content).digest("hex");
