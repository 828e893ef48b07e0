/**
 * The ledger of one account in plain TypeScript: what SQL does in `migrations/`, said once more without locks, rows or
 * time. Moments are told to it (`end`: a grant is past its time). Tests play it and Postgres the same histories: both must
 * give the same answers and hold the same credits, grant by grant.
 */
type Category = "promo" | "paid";
export type Terms = { category: Category; priority: number; seconds: number | null };
export type Step =
  | ({ op: "grant"; ref: string; amount: number } & Terms)
  | { op: "reserve"; hold: string; amount: number }
  | { op: "settle"; hold: string; amount: number }
  | { op: "end"; nth: number }
  | { op: "expire" }
  | { op: "clawback" | "unspent" | "reinstate"; ref: string; amount: number; event: string }
  | { op: "adjust"; amount: number; event: string };

type Bucket = "remaining" | "held" | "consumed" | "expired" | "revoked";
export type Lot = Record<Bucket | "pending", number> &
  Terms & { ref: string; amount: number; endsAt: number; hasEnded: boolean };
type Hold = { state: string; amount: number; lines: readonly { nth: number; amount: number }[] };
/** What an event took or, reversing another, gave back: of what was left, held, expired and used. */
type Claim = { step: string; nth: number; reverses: string | null; parts: readonly number[] };

const WEEK = 7 * 86_400;
const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
const inOrder = (a: Lot, b: Lot) =>
  compare(a.priority, b.priority) ||
  compare(a.endsAt, b.endsAt) ||
  compare(Number(a.category === "paid"), Number(b.category === "paid"));

function move(lot: Lot, from: Bucket, to: Bucket, amount: number): number {
  lot[from] -= amount;
  lot[to] += amount;
  return amount;
}

export class CreditsModel {
  lots: Lot[] = [];
  debt = 0;
  holds = new Map<string, Hold>();
  claims = new Map<string, Claim>();

  copy(): CreditsModel {
    const holds = new Map([...this.holds].map(([id, hold]) => [id, { ...hold }]));
    const lots = this.lots.map((lot) => ({ ...lot }));
    return Object.assign(new CreditsModel(), { lots, debt: this.debt, holds, claims: new Map(this.claims) });
  }

  /** What can be spent now: what the balance says. */
  get available(): number {
    return Math.max(0, sum(this.#usable().map(({ remaining }) => remaining)) - this.debt);
  }

  play(step: Step): string {
    if (step.op === "grant") return this.#grant(step);
    if (step.op === "reserve") return this.#reserve(step.hold, step.amount);
    if (step.op === "settle") return this.#settle(step.hold, step.amount);
    if (step.op === "reinstate") return this.#reinstate(step.ref, step.amount, step.event);
    if (step.op === "adjust") return this.#adjust(step.amount, step.event);
    if (step.op === "clawback" || step.op === "unspent") return this.#take(step);
    for (const lot of this.lots)
      if (step.op === "expire" && lot.hasEnded) move(lot, "remaining", "expired", lot.remaining);
      else if (step.op === "end" && lot === this.lots[step.nth]) lot.hasEnded = true;
    return "done";
  }

  #grant({ ref, amount, category, priority, seconds }: Terms & { ref: string; amount: number }): string {
    const known = this.lots.find((lot) => lot.ref === ref);
    if (known) return known.amount === amount ? "known" : "refused";
    // Of two that are given for as long, the earlier one ends earlier.
    const endsAt = seconds === null ? Number.POSITIVE_INFINITY : seconds + this.lots.length / 1e6;
    const empty = { held: 0, consumed: 0, expired: 0, revoked: 0, pending: 0, hasEnded: false };
    const lot = { ref, amount, category, priority, seconds, endsAt, remaining: amount, ...empty };
    this.lots.push(lot);
    this.#payDebt(lot, amount);
    return "granted";
  }

  #payDebt(lot: Lot, most: number): number {
    const paid = move(lot, "remaining", "consumed", Math.min(this.debt, most));
    this.debt -= paid;
    return most - paid;
  }

  #usable = (): Lot[] => this.lots.filter((lot) => !lot.hasEnded && lot.remaining > 0).toSorted(inOrder);

  #reserve(id: string, amount: number): string {
    const known = this.holds.get(id);
    if (known) return known.amount === 0 || known.amount === amount ? known.state : "conflict";
    const state = this.available < amount ? "denied" : "held";
    let due = state === "held" ? amount : 0;
    const lines = this.#usable().map((lot) => {
      const taken = move(lot, "remaining", "held", Math.min(due, lot.remaining));
      due -= taken;
      return { nth: this.lots.indexOf(lot), amount: taken };
    });
    this.holds.set(id, { state, amount, lines: lines.filter((line) => line.amount > 0) });
    return state;
  }

  #settle(id: string, charge: number): string {
    const hold = this.holds.get(id);
    if (!hold) this.holds.set(id, { state: "refunded", amount: 0, lines: [] });
    if (hold?.state !== "held") return hold?.state ?? "refunded";
    if (charge > hold.amount) return "refused";
    let due = charge;
    for (const { nth, amount } of hold.lines) {
      const lot = this.#lot(nth);
      const used = move(lot, "held", "consumed", Math.min(due, amount));
      due -= used;
      const back = move(lot, "held", "remaining", amount - used);
      const claimed = move(lot, "remaining", "revoked", Math.min(lot.pending, back));
      lot.pending -= claimed;
      this.#lapse(lot, back - claimed, id);
      const owed = Math.max(0, lot.pending - lot.held);
      lot.pending -= owed;
      this.debt += move(lot, "consumed", "revoked", owed);
    }
    hold.state = charge > 0 ? "committed" : "refunded";
    return hold.state;
  }

  #lapse(lot: Lot, amount: number, cause: string): void {
    if (!lot.hasEnded || amount === 0) return;
    move(lot, "remaining", "expired", amount);
    this.#grant({ ...lot, ref: `${cause} ${lot.ref}`, amount, category: "promo", seconds: WEEK });
  }

  /** What the event did, now or before; the same event about anything else is refused. */
  #once(event: string, step: string, does: () => Omit<Claim, "step">): readonly number[] | "refused" {
    const known = this.claims.get(event);
    if (!known) this.claims.set(event, { step, ...does() });
    return known && known.step !== step ? "refused" : (this.claims.get(event)?.parts ?? []);
  }

  #take({ op, ref, amount, event }: Step & { op: "clawback" | "unspent" | "reinstate" }): string {
    const nth = this.lots.findIndex((lot) => lot.ref === ref);
    if (nth < 0) return "nothing";
    const lot = this.#lot(nth);
    const take = () => {
      this.play({ op: "expire" });
      let due = op === "unspent" ? Math.min(amount, lot.remaining) : Math.min(amount, lot.amount);
      if (op === "clawback") due = Math.max(0, due - this.#claimed(nth));
      const next = (most: number) => {
        const taken = Math.min(due, most);
        due -= taken;
        return taken;
      };
      const unspent = move(lot, "remaining", "revoked", next(lot.remaining));
      const held = next(lot.held - lot.pending);
      const expired = move(lot, "expired", "revoked", next(lot.expired));
      const owed = move(lot, "consumed", "revoked", next(lot.consumed));
      lot.pending += held;
      this.debt += owed;
      return { nth, reverses: null, parts: [unspent, held, expired, owed] };
    };
    const answer = this.#once(event, `${op} ${ref} ${amount}`, take);
    if (answer !== "refused") this.play({ op: "expire" });
    return String(answer);
  }

  /** What events have claimed of a grant, of all parts or one, what was given back taken off. */
  #claimed(nth: number, part?: number): number {
    const mine = [...this.claims.values()].filter((claim) => claim.nth === nth);
    const credits = ({ parts }: Claim) => (part === undefined ? sum(parts) : (parts[part] ?? 0));
    return sum(mine.map((claim) => (claim.reverses ? -1 : 1) * credits(claim)));
  }

  #reinstate(id: string, limit: number, event: string): string {
    const reversed = this.claims.get(id);
    if (!reversed || reversed.reverses || reversed.nth < 0) return "nothing";
    const [nth, lot] = [reversed.nth, this.#lot(reversed.nth)];
    const undo = () => {
      const before = [...this.claims.values()].filter(({ reverses }) => reverses === id);
      const back = Math.min(limit, sum(reversed.parts) - sum(before.flatMap(({ parts }) => parts)));
      const held = Math.min(back, lot.pending);
      const unspent = Math.min(back - held, this.#claimed(nth) - lot.pending - this.#claimed(nth, 2));
      lot.pending -= held;
      const expired = move(lot, "revoked", "expired", back - held - unspent);
      this.#lapse(lot, this.#payDebt(lot, move(lot, "revoked", "remaining", unspent)), event);
      return { nth, reverses: id, parts: [unspent, held, expired, 0] };
    };
    return String(this.#once(event, `reinstate ${id} ${limit}`, undo));
  }

  #adjust(amount: number, event: string): string {
    const make = () => {
      let due = -amount;
      if (amount > 0) this.#grant({ ref: event, amount, category: "promo", priority: 50, seconds: null });
      for (const lot of this.#usable())
        if (due > 0) due -= move(lot, "remaining", "revoked", Math.min(lot.remaining, due));
      return { nth: -1, reverses: null, parts: [amount > 0 ? amount : -amount - due] };
    };
    const parts = this.#once(event, `adjust ${amount}`, make);
    return parts === "refused" ? parts : String(amount > 0 ? parts[0] : -(parts[0] ?? 0));
  }

  #lot = (nth: number): Lot => this.lots[nth] as Lot;
}
