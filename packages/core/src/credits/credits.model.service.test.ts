import { aGrant, anAccount, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Credits } from "./index.ts";

/**
 * Guards L1, L2, L4 to L6, L8 and L10 to L12: random histories, in which holds are repeated, reused, refunded before
 * they are made and resolved twice, and grants end while they are held, are played to Postgres and to a model in plain
 * TypeScript. After every step both must have given the same answer and hold the same credits, grant by grant.
 */
const database = freshDatabase();

type Lot = {
  readonly category: "promo" | "paid";
  readonly priority: number;
  readonly endsAt: number;
  hasEnded: boolean;
  remaining: number;
  held: number;
  consumed: number;
  expired: number;
};
type Hold = {
  state: string;
  amount: number;
  readonly lines: { readonly lot: Lot; readonly amount: number }[];
};

type Step =
  | {
      readonly op: "grant";
      readonly amount: number;
      readonly category: Lot["category"];
      readonly priority: number;
      readonly validSeconds: number | null;
    }
  | { readonly op: "reserve"; readonly hold: string; readonly amount: number }
  | { readonly op: "settle"; readonly hold: string; readonly amount: number }
  | { readonly op: "end"; readonly nth: number }
  | { readonly op: "expire" };

const WEEK_SECONDS = 7 * 86_400;
const compare = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);

class Model {
  readonly lots: Lot[] = [];
  readonly #holds = new Map<string, Hold>();

  play(step: Step): string {
    if (step.op === "grant") return this.#grant(step);
    if (step.op === "reserve") return this.#reserve(step.hold, step.amount);
    if (step.op === "settle") return this.#settle(step.hold, step.amount);
    if (step.op === "expire") return this.#expire();
    const lot = this.lots[step.nth];
    if (lot) lot.hasEnded = true;
    return "ended";
  }

  #grant({ amount, category, priority, validSeconds }: Omit<Step & { op: "grant" }, "op">): string {
    // Of two that are given for as long, the earlier one ends earlier.
    const endsAt = validSeconds === null ? Number.POSITIVE_INFINITY : validSeconds + this.lots.length / 1e6;
    const bucket = { remaining: amount, held: 0, consumed: 0, expired: 0 };
    this.lots.push({ category, priority, endsAt, hasEnded: false, ...bucket });
    return "granted";
  }

  #reserve(id: string, amount: number): string {
    const known = this.#holds.get(id);
    if (known) return known.amount === 0 || known.amount === amount ? known.state : "conflict";
    const usable = this.lots
      .filter((lot) => !lot.hasEnded && lot.remaining > 0)
      .toSorted(
        (a, b) =>
          compare(a.priority, b.priority) ||
          compare(a.endsAt, b.endsAt) ||
          compare(Number(a.category === "paid"), Number(b.category === "paid")),
      );
    const hold: Hold = { state: "held", amount, lines: [] };
    this.#holds.set(id, hold);
    if (usable.reduce((sum, { remaining }) => sum + remaining, 0) < amount) {
      hold.state = "denied";
      return hold.state;
    }
    let due = amount;
    for (const lot of usable) {
      const taken = Math.min(due, lot.remaining);
      if (taken === 0) break;
      hold.lines.push({ lot, amount: taken });
      lot.remaining -= taken;
      lot.held += taken;
      due -= taken;
    }
    return hold.state;
  }

  #settle(id: string, charge: number): string {
    const hold = this.#holds.get(id);
    if (!hold) this.#holds.set(id, { state: "refunded", amount: 0, lines: [] });
    if (hold?.state !== "held") return hold?.state ?? "refunded";
    if (charge > hold.amount) return "L12";
    let due = charge;
    for (const { lot, amount } of hold.lines) {
      const used = Math.min(due, amount);
      due -= used;
      lot.held -= amount;
      lot.consumed += used;
      this.#giveBack(lot, amount - used);
    }
    hold.state = charge > 0 ? "committed" : "refunded";
    return hold.state;
  }

  #giveBack(lot: Lot, amount: number): void {
    if (!lot.hasEnded) lot.remaining += amount;
    else if (amount > 0) {
      lot.expired += amount;
      this.#grant({ amount, category: "promo", priority: lot.priority, validSeconds: WEEK_SECONDS });
    }
  }

  #expire(): string {
    for (const lot of this.lots.filter(({ hasEnded }) => hasEnded)) {
      lot.expired += lot.remaining;
      lot.remaining = 0;
    }
    return "expired";
  }
}

/** The same steps in SQL. */
function ledger(accountId: string) {
  const sql = database.owner;
  const lots = () => sql`
    select g.id, remaining::int, held::int, consumed::int, expired::int
    from credit_grant g join credit_transfer t on t.grant_id = g.id and t.kind = 'grant'
    where g.account_id = ${accountId} order by t.id`;
  const play = async (step: Step): Promise<string> => {
    if (step.op === "grant") {
      const { op: _, ...given } = step;
      await aGrant(database.db, accountId, given);
      return "granted";
    }
    if (step.op === "expire") {
      await sql`select credit_expire(${accountId})`;
      return "expired";
    }
    if (step.op === "end") {
      const { id = "" } = (await lots())[step.nth] ?? {};
      await sql`update credit_grant set expires_at = clock_timestamp() - interval '1 second' where id = ${id}`;
      return "ended";
    }
    const holdId = `${accountId}-${step.hold}`;
    if (step.op === "reserve")
      return Credits.reserve(database.db, { holdId, accountId, amount: step.amount, requestHash: "same" });
    const [settled] = await sql`
      select (credit_settle(${holdId}, ${accountId}, ${step.amount}, 'refunded', 'test')).state`.catch(
      (error: Error) => [{ state: error.message.slice(0, 3) }],
    );
    return String(settled?.state);
  };
  return { play, lots };
}

const hold = fc.constantFrom("a", "b", "c", "d", "e"); // Few, so that steps meet.
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant("grant" as const),
      amount: fc.integer({ min: 1, max: 5 }),
      category: fc.constantFrom("promo" as const, "paid" as const),
      priority: fc.constantFrom(10, 50),
      validSeconds: fc.constantFrom(null, null, 3_600),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      op: fc.constant("reserve" as const),
      hold,
      amount: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant("settle" as const),
      hold,
      amount: fc.integer({ min: 0, max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("end" as const), nth: fc.nat({ max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant("expire" as const) }) },
);
/** As long as said: left to itself, fast-check prefers histories in which nothing happens yet. */
const anyHistory = fc.array(anyStep, { minLength: 10, maxLength: 30, size: "max" });

test("any history leaves Postgres and the model in agreement, grant by grant", async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, async (history) => {
      const accountId = await anAccount(database.db, 0);
      const [model, books] = [new Model(), ledger(accountId)];
      for (const step of history) {
        expect(await books.play(step)).toBe(model.play(step));
        const rows = await books.lots();
        expect(rows.map(({ id: _, ...buckets }) => buckets)).toEqual(
          model.lots.map(({ remaining, held, consumed, expired }) => ({
            remaining,
            held,
            consumed,
            expired,
          })),
        );
      }
      const usable = model.lots.filter(({ hasEnded }) => !hasEnded);
      expect(await Credits.balance(database.db, accountId)).toMatchObject({
        available: usable.reduce((sum, { remaining }) => sum + remaining, 0),
        held: model.lots.reduce((sum, { held }) => sum + held, 0),
      });
    }),
    { numRuns: 60 },
  );
  await expectBalancedBooks(database.db);
});
