import { anAccount, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import fc from "fast-check";
import { expect, test } from "vitest";
import { CreditsModel, type Step } from "./credits.model.ts";
import { playedBy, shown } from "./credits.play.fixture.ts";
import { Credits } from "./index.ts";
import { type Call, linearize } from "./linearize.fixture.ts";

/**
 * Guards L1, L2, L4 to L8, L10 to L13, L16 and L18 to L20: random histories, in which holds are repeated, reused, refunded
 * before they are made and resolved twice, payments are clawed back and reinstated while they are held, and grants end, are
 * played to Postgres and to a model.
 */
const database = freshDatabase({ connections: 8 });
/** Thousands of calls: seconds, and many where others use the machine. */
const TIMEOUT_MS = 180_000;

const op = <const Op extends Step["op"]>(name: Op) => fc.constant(name);
const amount = (max: number) => fc.integer({ min: 1, max });
// Few of each, so that steps meet.
const hold = fc.constantFrom("a", "b", "c", "d", "e", "f");
const ref = fc.constantFrom("g0", "g0", "g1", "g2");
const claim = fc.constantFrom("e0", "e1", "e2", "e3");
const undo = fc.constantFrom("u0", "u1");

const grant: fc.Arbitrary<Step> = fc.record({
  op: op("grant"),
  ref,
  amount: fc.constantFrom(3, 3, 3, 3, 5),
  category: fc.constantFrom("promo", "paid"),
  priority: fc.constantFrom(10, 50),
  seconds: fc.constantFrom(null, null, 3_600),
});
const together = [
  { weight: 2, arbitrary: grant },
  { weight: 6, arbitrary: fc.record({ op: op("reserve"), hold, amount: amount(5) }) },
  { weight: 5, arbitrary: fc.record({ op: op("settle"), hold, amount: fc.nat(5) }) },
  { weight: 3, arbitrary: fc.record({ op: op("clawback"), ref, amount: fc.nat(6), event: claim }) },
  { weight: 1, arbitrary: fc.record({ op: op("unspent"), ref, amount: amount(3), event: claim }) },
  { weight: 3, arbitrary: fc.record({ op: op("reinstate"), ref: claim, amount: amount(4), event: undo }) },
  {
    weight: 1,
    arbitrary: fc.record({
      op: op("adjust"),
      amount: fc.constantFrom(2, -2, -4),
      event: fc.constantFrom("x", "y"),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: op("expire") }) },
] as const;
const anyStep: fc.Arbitrary<Step> = fc.oneof(...together);
const alone: fc.Arbitrary<Step> = fc.oneof(...together, {
  weight: 3,
  arbitrary: fc.record({ op: op("end"), nth: fc.constantFrom(0, 0, 0, 1, 1, 2, 3) }),
});
/** Something to begin with. */
const GIVEN = [
  { op: "grant", ref: "g0", amount: 5, category: "paid", priority: 10, seconds: 3_600 },
  { op: "grant", ref: "g1", amount: 3, category: "promo", priority: 50, seconds: null },
] as const satisfies Step[];
/** As long as said: left to itself, fast-check prefers histories in which nothing happens yet. */
const history = (step: fc.Arbitrary<Step>, minLength: number, maxLength: number) =>
  fc.array(step, { minLength, maxLength, size: "max" });

test(
  "L1 to L20: any history leaves Postgres and the model in agreement, answer by answer and grant by grant",
  async () => {
    await fc.assert(
      fc.asyncProperty(history(alone, 12, 25), async (steps) => {
        const accountId = await anAccount(database.db, 0);
        const books = playedBy(database, accountId);
        const model = new CreditsModel();
        for (const step of [...GIVEN, ...steps]) {
          expect([step, await books.play(step)]).toEqual([step, model.play(step)]);
          expect(await books.shows()).toEqual(shown(model));
        }
        const { available, debt } = model;
        expect(await Credits.balance(database.db, accountId)).toMatchObject({ available, debt });
        for (const lot of model.lots)
          expect(lot.remaining + lot.held + lot.consumed + lot.expired + lot.revoked).toBe(lot.amount);
      }),
      { numRuns: 70 },
    );
    await expectBalancedBooks(database.db);
  },
  TIMEOUT_MS,
);

test(
  "L4 L5 L7 L19: whatever four clients do at once, it was as if one thing had happened after another",
  async () => {
    const clients = fc.array(history(anyStep, 3, 3), { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(history(alone, 2, 6), clients, async (before, plans) => {
        const books = playedBy(database, await anAccount(database.db, 0));
        const start = new CreditsModel();
        for (const step of [...GIVEN, ...before]) expect(await books.play(step)).toBe(start.play(step));
        const calls: Call[] = [];
        const client = async (plan: readonly Step[]) => {
          for (const step of plan) {
            const from = performance.now();
            const answer = await books.play(step);
            calls.push({ step, from, until: performance.now(), answer });
          }
        };
        await Promise.all(plans.map(client));
        const end = JSON.stringify(await books.shows());
        const seen = (model: CreditsModel) => JSON.stringify(shown(model)) === end;
        expect(linearize(calls, start, seen), JSON.stringify({ calls, end }, null, 1)).not.toBeNull();
      }),
      { numRuns: 30 },
    );
    await expectBalancedBooks(database.db);
  },
  TIMEOUT_MS,
);

test("L7: the search itself finds an order where there is one, and none where a credit was spent twice", () => {
  const start = new CreditsModel();
  start.play({ op: "grant", ref: "g0", amount: 1, category: "promo", priority: 50, seconds: null });
  const call = (id: string, from: number, until: number, answer: string): Call => ({
    step: { op: "reserve", hold: id, amount: 1 },
    from,
    until,
    answer,
  });
  const [denied, held] = [call("a", 0, 5, "denied"), call("b", 1, 4, "held")];
  expect(linearize([denied, held], start)).toEqual([held, denied]);
  expect(linearize([call("a", 0, 5, "held"), held], start)).toBeNull();
  expect(linearize([call("a", 0, 1, "denied"), call("b", 2, 3, "held")], start)).toBeNull();
});
