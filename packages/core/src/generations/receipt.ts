import type { Attempt, Entry, Receipt, ReceiptRun } from "@imgpilot/contract/generations";
import type { GenerationFacts, RunFacts } from "./generation-facts.ts";

/** RFC 3339 in UTC, to the millisecond. */
export const time = (at: string): string => new Date(at).toISOString();
export const maybeTime = (at: string | null): string | null => (at === null ? null : time(at));

const sum = (amounts: readonly (number | null)[]): number =>
  amounts.reduce<number>((all, one) => all + (one ?? 0), 0);

/** The runs that the person paid for: what an operator runs again is no concern of theirs but for its images. */
export const paidFor = ({ runs }: GenerationFacts): RunFacts[] =>
  runs.filter(({ isGoodwill }) => !isGoodwill);

/** What the person was charged so far, over all runs. */
export const chargedOf = (facts: GenerationFacts): number =>
  sum(paidFor(facts).map(({ charged }) => charged));

/** What was asked, held, charged and given back, who was called, and the journal's own words for it (promise C7). */
export function receiptOf(facts: GenerationFacts, entries: Entry[]): Receipt {
  const { runs, model, aspectRatio, resolution, seed } = facts;
  const settled = runs.map(({ settledAt }) => settledAt).filter((at) => at !== null);
  return {
    quoted: facts.pricePerImage * facts.count,
    held: sum(paidFor(facts).map(({ held }) => held)),
    charged: chargedOf(facts),
    returned: sum(paidFor(facts).map(({ returned }) => returned)),
    settledAt: settled.length === runs.length ? maybeTime(settled.toSorted().at(-1) ?? null) : null,
    runs: runs.map(runOf),
    entries,
    attempts: runs.flatMap((run) => run.attempts.map((row) => attemptOf(run, row))),
    requested: { model, aspectRatio, resolution, seed },
  };
}

function runOf({ n, images, isGoodwill, held, charged, returned, settledAt }: RunFacts): ReceiptRun {
  const paidBy = isGoodwill ? "goodwill" : "person";
  const sums = { held, charged: charged ?? 0, returned: returned ?? 0 };
  return { n, images, paidBy, ...sums, settledAt: maybeTime(settledAt) };
}

/** People count attempts from 1. The model is the product that answered, which after a fallback is another's. */
function attemptOf(run: RunFacts, row: RunFacts["attempts"][number]): Attempt {
  const { image, n, provider, product, state, errorKind, providerRequestId, costMicros } = row;
  return {
    run: run.n,
    image,
    n: n + 1,
    provider,
    model: product,
    state,
    error: errorKind,
    providerRequestId,
    costMicros,
    startedAt: new Date(row.startedAt).toISOString(),
    endedAt: row.endedAt === null ? null : new Date(row.endedAt).toISOString(),
  };
}
