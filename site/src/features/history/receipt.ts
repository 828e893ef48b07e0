import type { Entry, GenerationWithReceipt } from "@imgpilot/contract/generations";

type Receipt = GenerationWithReceipt["receipt"];

export type Sums = { held: number; charged: number; returned: number; addsUp: boolean };

/**
 * The sums that the lines of a receipt make by themselves: what went into `held`, and where it went from there.
 * Shown beside what the receipt says, so that a person need not believe either.
 */
export function sumsOf({ entries, held, charged, returned, settledAt }: Receipt): Sums {
  const total = (keep: (entry: Entry) => boolean) =>
    entries.filter(keep).reduce((sum, { amount }) => sum + amount, 0);
  const sums = {
    held: total(({ to }) => to === "held"),
    charged: total(({ from, to }) => from === "held" && to === "consumed"),
    returned: total(({ from, to }) => from === "held" && to !== "consumed"),
  };
  const isSettled = settledAt !== null;
  const agrees = sums.held === held && sums.charged === charged && sums.returned === returned;
  return { ...sums, addsUp: agrees && (!isSettled || held === charged + returned) };
}

/** Seconds that an attempt took, to a tenth; null while it runs. */
export const secondsOf = ({
  startedAt,
  endedAt,
}: {
  startedAt: string;
  endedAt: string | null;
}): number | null =>
  endedAt === null ? null : Math.max(0, Math.round((Date.parse(endedAt) - Date.parse(startedAt)) / 100) / 10);
