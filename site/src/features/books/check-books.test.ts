import { createHash } from "node:crypto";
import type { Balance } from "@imgpilot/contract/credits";
import { describe, expect, test } from "vitest";
import { checkBooks } from "./check-books.ts";

/** Guards that the account page says that the books are right only where journal and balance are, and agree. */
let last = "0".repeat(64);
const LINES = [
  ["grt_1", "grant", "outside", "remaining", 10],
  ["grt_2", "grant", "outside", "remaining", 5],
  ["grt_1", "reserve", "remaining", "held", 4],
].map(([grant, kind, from, to, amount], index) => {
  const row = { id: index + 1, account: "acc_1", kind, grant, hold: null, from, to, amount };
  const text = JSON.stringify({ ...row, actor: null, meta: null, at: "2026-01-01T00:00:00.000000Z" });
  last = createHash("sha256").update(`${last}\n${text}`).digest("hex");
  return `${text.slice(0, -1)},"chain":"${last}"}\n`;
});
const JOURNAL = LINES.join("");
const grant = (id: string, amount: number, held: number, remaining = amount - held) => ({
  id,
  category: "promo" as const,
  amount,
  remaining,
  held,
  expiresAt: null,
});
const BALANCE: Balance = {
  available: 11,
  held: 4,
  debt: 0,
  grants: [grant("grt_1", 10, 4), grant("grt_2", 5, 0)],
};
const check = (journal: string, balance: Balance) =>
  checkBooks({ journal: async () => journal, balance: async () => balance });

test("L2: a journal that leads to the balance shown is right, with what to keep of it", async () => {
  expect(await check(JOURNAL, BALANCE)).toEqual({ is: "right", rows: 3, chain: last, shown: 11, lapsed: 0 });
});

test("L3: the first wrong row is named", async () => {
  const changed = JOURNAL.replace('"amount":5', '"amount":6');
  expect(await check(changed, BALANCE)).toMatchObject({ is: "wrong-row", line: 2 });
});

test("L9: what has expired is told apart until it is booked, of grants with work under way too", async () => {
  const gone = { ...BALANCE, available: 6, grants: [grant("grt_1", 10, 4)] };
  expect(await check(JOURNAL, gone)).toMatchObject({ is: "right", shown: 6, lapsed: 5 });
  const held = { ...BALANCE, available: 5, grants: [grant("grt_1", 10, 4, 0), grant("grt_2", 5, 0)] };
  expect(await check(JOURNAL, held)).toMatchObject({ is: "right", shown: 5, lapsed: 6 });
});

describe("a balance is wrong", () => {
  test.for<[string, Partial<Balance>]>([
    ["that shows more than it lists", { available: 12 }],
    ["that shows less than it lists", { available: 10 }],
    ["that holds what nobody set aside", { held: 5 }],
    ["that owes what nobody took", { debt: 1, available: 10 }],
    ["with a grant that nobody gave", { available: 12, grants: [...BALANCE.grants, grant("grt_3", 1, 0)] }],
    [
      "with more left than there is",
      { available: 12, grants: [grant("grt_1", 10, 4), grant("grt_2", 5, 0, 6)] },
    ],
    [
      "with less left than there is",
      { available: 10, grants: [grant("grt_1", 10, 4), grant("grt_2", 5, 0, 4)] },
    ],
  ])("%s", async ([, wrong]) => {
    expect(await check(JOURNAL, { ...BALANCE, ...wrong })).toMatchObject({
      is: "wrong-balance",
      computed: 11,
    });
  });
});

test("what moved between the two answers is looked at again, and three times at most", async () => {
  const journals = [LINES.slice(0, 2).join(""), JOURNAL];
  const balance = async () => BALANCE;
  const moved = await checkBooks({ journal: async () => journals.shift() ?? "", balance });
  expect(moved).toMatchObject({ is: "right", rows: 3 });
  let asked = 0;
  const journal = async () => {
    asked += 1;
    return LINES[0] ?? "";
  };
  const never = await checkBooks({ journal, balance });
  expect(never).toMatchObject({ is: "wrong-balance", computed: 10, shown: 11 });
  expect(asked).toBe(3);
});
