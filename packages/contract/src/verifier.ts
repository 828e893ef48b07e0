/**
 * Checks the download of an account's journal, `GET /api/credits/entries?format=jsonl`, against itself: nobody has to
 * believe whoever runs the ledger. One file without imports, for Node and for browsers.
 *
 * Each line is compact JSON with exactly these fields in this order:
 *
 *     id account kind grant hold from to amount actor meta at chain
 *
 * Without `chain` it is the row's canonical text. `chain` is the SHA-256, in hexadecimal, of the chain of the line before,
 * a line feed, and that text; before the first line stand sixty-four zeros. What a chain cannot show is that its last
 * lines are missing: whoever kept the last `chain` of an earlier download finds it in a later one (`knownChains`).
 */
export type Buckets = Record<Bucket, number> & { amount: number };
type Bucket = "remaining" | "held" | "consumed" | "expired" | "revoked";

export type Verdict =
  | {
      readonly ok: true;
      readonly rows: number;
      /** Of the last row: keep it, and a later download can be held against it. */
      readonly chain: string;
      readonly grants: Readonly<Record<string, Buckets>>;
      /** What is left in grants, expired ones that were not cleared yet among them; what is held; what is owed. */
      readonly balance: { readonly remaining: number; readonly held: number; readonly debt: number };
    }
  | {
      readonly ok: false;
      /** The first wrong line, counted from 1, and its row's id where it has one. */
      readonly line: number;
      readonly id: number | null;
      readonly problem: string;
    };

type Row = {
  readonly id: number;
  readonly account: string;
  readonly kind: string;
  readonly grant: string;
  readonly hold: string | null;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly actor: string | null;
  readonly meta: Readonly<Record<string, string | null>> | null;
  readonly at: string;
  readonly chain: string;
};

const BEGINNING = "0".repeat(64);
const BUCKETS = ["remaining", "held", "consumed", "expired", "revoked"] as const;
/** The ways in which credits move; `outside` is where they come from. */
const PATHS: Readonly<Record<string, readonly string[]>> = {
  grant: ["outside remaining"],
  repay: ["remaining consumed"],
  reserve: ["remaining held"],
  commit: ["held consumed"],
  refund: ["held remaining"],
  expire: ["remaining expired"],
  revoke: ["remaining revoked", "expired revoked"],
  owe: ["consumed revoked"],
  reinstate: ["revoked remaining", "revoked expired"],
  withdraw: ["remaining revoked"],
  adjust: ["remaining revoked"],
};

/** Recomputes buckets, balance and chain, and names the first line that is wrong. */
export async function verifyJournal(text: string, knownChains: readonly string[] = []): Promise<Verdict> {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const books = new Books();
  const unseen = new Set(knownChains);
  let last: Row | null = null;
  for (const [index, line] of lines.entries()) {
    const read = parse(line);
    const row: Row | null = typeof read === "string" ? null : read;
    const problem: string | null =
      typeof read === "string" ? read : ((await isOutOfPlace(read, line, last)) ?? books.play(read));
    if (problem !== null || !row) {
      return { ok: false, line: index + 1, id: row?.id ?? null, problem: problem ?? "is no row" };
    }
    unseen.delete(row.chain);
    last = row;
  }
  if (unseen.size > 0)
    return { ok: false, line: lines.length + 1, id: null, problem: "a row that was there before is missing" };
  return { ok: true, rows: lines.length, chain: last?.chain ?? BEGINNING, ...books.summary() };
}

const isText = (value: unknown) => typeof value === "string";
const isCount = (value: unknown) => typeof value === "number" && Number.isSafeInteger(value) && value > 0;
const orNull = (is: (value: unknown) => boolean) => (value: unknown) => value === null || is(value);
const isMeta = (value: unknown) =>
  typeof value === "object" && value !== null && Object.values(value).every(orNull(isText));

const FIELDS: Readonly<Record<keyof Row, (value: unknown) => boolean>> = {
  id: isCount,
  account: isText,
  kind: isText,
  grant: isText,
  hold: orNull(isText),
  from: isText,
  to: isText,
  amount: isCount,
  actor: orNull(isText),
  meta: orNull(isMeta),
  at: (value) => isText(value) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value as string),
  chain: (value) => isText(value) && /^[0-9a-f]{64}$/.test(value as string),
};

/** The row, or what is wrong with the line. One way to write a row, so nothing hides in another. */
function parse(line: string): Row | string {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return "is not JSON";
  }
  if (typeof value !== "object" || value === null || JSON.stringify(value) !== line)
    return "is not canonical";
  const fields = Object.entries(FIELDS);
  if (Object.keys(value).join() !== Object.keys(FIELDS).join()) return "has other fields than a row has";
  const row = value as Row;
  const wrong = fields.find(([name, is]) => !is(row[name as keyof Row]));
  return wrong ? `${wrong[0]} is not what it must be` : row;
}

async function isOutOfPlace(row: Row, line: string, last: Row | null): Promise<string | null> {
  if (last && row.account !== last.account) return "is another account's";
  if (last && row.id <= last.id) return "comes after a row with a higher number";
  const canonical = `${line.slice(0, line.lastIndexOf(',"chain":'))}}`;
  const chain = await sha256(`${last?.chain ?? BEGINNING}\n${canonical}`);
  return chain === row.chain ? null : "breaks the chain: it, or what came before it, is not what was written";
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

class Books {
  readonly #grants = new Map<string, Buckets>();
  #debt = 0;

  /** Moves what the row moves; answers why it cannot. */
  play({ kind, grant, from, to, amount }: Row): string | null {
    if (!Object.hasOwn(PATHS, kind) || !PATHS[kind]?.includes(`${from} ${to}`))
      return `${kind} does not move credits from ${from} to ${to}`;
    const lot = this.#grants.get(grant) ?? emptyBuckets();
    this.#grants.set(grant, lot);
    if (from === "outside") lot.amount += amount;
    else lot[from as Bucket] -= amount;
    lot[to as Bucket] += amount;
    if (kind === "owe") this.#debt += amount;
    if (kind === "repay") this.#debt -= amount;
    if (this.#debt < 0) return "pays more than was owed";
    return BUCKETS.some((bucket) => lot[bucket] < 0) ? `moves ${amount} where there is less ${from}` : null;
  }

  summary() {
    const lots = [...this.#grants.values()];
    const sum = (bucket: Bucket) => lots.reduce((total, lot) => total + lot[bucket], 0);
    const balance = { remaining: sum("remaining"), held: sum("held"), debt: this.#debt };
    return { grants: Object.fromEntries(this.#grants), balance };
  }
}

const emptyBuckets = (): Buckets => ({
  amount: 0,
  remaining: 0,
  held: 0,
  consumed: 0,
  expired: 0,
  revoked: 0,
});
