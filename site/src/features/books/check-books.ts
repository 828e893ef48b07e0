import type { Balance } from "@imgpilot/contract/credits";
import { type Verdict, verifyJournal } from "@imgpilot/contract/verifier";

/** What checking the books came to. `lapsed` has expired and waits for its entry, which a job writes every five minutes. */
export type Outcome =
  | { is: "right"; rows: number; chain: string; shown: number; lapsed: number }
  | { is: "wrong-row"; line: number; problem: string }
  | { is: "wrong-balance"; computed: number; shown: number };

export type Sources = { journal: () => Promise<string>; balance: () => Promise<Balance> };

/** Work under way may move credits between the two answers; that it does so each time is not to be believed. */
const TRIES = 3;

/**
 * Recomputes chain and balance of the journal and holds them against the balance that the site shows.
 * @throws what the sources throw.
 */
export async function checkBooks({ journal, balance }: Sources): Promise<Outcome> {
  for (let tries = 1; ; tries++) {
    const verdict = await verifyJournal(await journal());
    if (!verdict.ok) return { is: "wrong-row", line: verdict.line, problem: verdict.problem };
    const told = await balance();
    const lapsed = lapsedOf(verdict, told);
    if (lapsed !== null)
      return { is: "right", rows: verdict.rows, chain: verdict.chain, shown: told.available, lapsed };
    const computed = Math.max(0, verdict.balance.remaining - verdict.balance.debt);
    if (tries === TRIES) return { is: "wrong-balance", computed, shown: told.available };
  }
}

/** Credits of the journal that the balance rightly leaves out, or null where the two differ in anything else. */
function lapsedOf({ grants, balance }: Verdict & { ok: true }, told: Balance): number | null {
  const usable = told.grants.reduce((sum, { remaining }) => sum + remaining, 0);
  const agrees = told.grants.every(({ id, amount, held, remaining }) => {
    const lot = grants[id];
    return lot?.amount === amount && lot.held === held && (remaining === 0 || remaining === lot.remaining);
  });
  const adds = balance.held === told.held && balance.debt === told.debt;
  const isSpendable = told.available === Math.max(0, usable - told.debt);
  return agrees && adds && isSpendable && usable <= balance.remaining ? balance.remaining - usable : null;
}
