import type { Attempt, Entry, Receipt } from "@imgpilot/contract/generations";
import type { GenerationFacts } from "./generation-facts.ts";

/** RFC 3339 in UTC, to the millisecond. */
export const time = (at: string): string => new Date(at).toISOString();
export const maybeTime = (at: string | null): string | null => (at === null ? null : time(at));

const sum = (amounts: readonly (number | null)[]): number =>
  amounts.reduce<number>((all, one) => all + (one ?? 0), 0);

/** What was asked, held, charged and given back, who was called, and the journal's own words for it (promise C7). */
export function receiptOf(facts: GenerationFacts, entries: Entry[]): Receipt {
  const { runs, model, aspectRatio, resolution, seed } = facts;
  const settled = runs.map(({ settledAt }) => settledAt).filter((at) => at !== null);
  return {
    quoted: facts.pricePerImage * facts.count,
    held: sum(runs.map(({ held }) => held)),
    charged: sum(runs.map(({ charged }) => charged)),
    returned: sum(runs.map(({ returned }) => returned)),
    settledAt: settled.length === runs.length ? maybeTime(settled.toSorted().at(-1) ?? null) : null,
    entries,
    attempts: runs.flatMap((run) => run.attempts.map(attemptOf)),
    requested: { model, aspectRatio, resolution, seed },
  };
}

/** People count attempts from 1. The model is the product that answered, which after a fallback is another's. */
function attemptOf(row: GenerationFacts["runs"][number]["attempts"][number]): Attempt {
  const { image, n, provider, product, state, errorKind, providerRequestId, costMicros } = row;
  return {
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
