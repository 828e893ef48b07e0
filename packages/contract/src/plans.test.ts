import { expect, test } from "vitest";
import { LOWEST_CREDIT_MICROS } from "./catalogue.ts";
import { PACKS, PLANS, type Plan } from "./plans.ts";

const MICROS_PER_CENT = 10_000;
/** What a payment of so many cents leaves when 5 % and 30 cents of it are gone: cards from afar cost that much. */
const afterFees = (cents: number) => (cents * 0.95 - 30) * MICROS_PER_CENT;

const plans: [string, Plan][] = Object.entries(PLANS);
const sold = [
  ...plans.flatMap(([id, { monthlyCredits, price }]) =>
    price === null
      ? []
      : [
          { what: `${id}, by the month`, credits: monthlyCredits, cents: price.monthly },
          { what: `${id}, by the year`, credits: 12 * monthlyCredits, cents: price.yearly },
        ],
  ),
  ...Object.entries(PACKS).map(([id, { credits, price }]) => ({ what: `pack ${id}`, credits, cents: price })),
];

test.each(sold)(
  "no credit is sold below what every model's price is reckoned by: $what",
  ({ credits, cents }) => {
    expect(afterFees(cents) / credits).toBeGreaterThanOrEqual(LOWEST_CREDIT_MICROS);
  },
);

test("a dearer plan has more of everything, and for less a credit", () => {
  const grows = (of: (plan: Plan) => number) => {
    const values = plans.map(([, plan]) => of(plan));
    expect(values).toEqual([...new Set(values)].sort((a, b) => a - b));
  };
  grows(({ monthlyCredits }) => monthlyCredits);
  grows(({ concurrency }) => concurrency);
  grows(({ priority }) => priority);
  grows(({ historyDays }) => historyDays ?? Number.POSITIVE_INFINITY);
  grows(({ price }) => price?.monthly ?? 0);
  const paid = plans.flatMap(([, { price, monthlyCredits }]) =>
    price ? [price.monthly / monthlyCredits] : [],
  );
  expect(paid).toEqual([...paid].sort((a, b) => b - a));
});

test("a year costs less than twelve months, and a plan's credits less than a pack's", () => {
  for (const [, { price }] of plans) if (price) expect(price.yearly).toBeLessThan(12 * price.monthly);
  const packs = Object.values(PACKS).map(({ price, credits }) => price / credits);
  expect(Math.min(...packs)).toBeGreaterThan(PLANS.pro.price.monthly / PLANS.pro.monthlyCredits);
  expect(packs).toEqual([...packs].sort((a, b) => b - a));
});
