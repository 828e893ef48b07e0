import type { GenerationWithReceipt } from "@imgpilot/contract/generations";

const credits = (n: number) => `${n} credit${n === 1 ? "" : "s"}`;
const dollars = (micros: number) => `$${(micros / 1_000_000).toFixed(4)}`;
const clock = (time: string) => time.slice(11, 19);
const seconds = (from: string, to: string | null) =>
  to ? `${((Date.parse(to) - Date.parse(from)) / 1000).toFixed(1)} s` : "-";

/** Promise C7 on paper: what was quoted, held, charged and returned, the entries that make it so, and who was called. */
export function receiptLines({ id, receipt, images, credits: { charged } }: GenerationWithReceipt): string[] {
  const delivered = images.filter((image) => image.state === "done").length;
  return [
    `Receipt ${id}`,
    row("quoted", credits(receipt.quoted)),
    row("held", credits(receipt.held)),
    row(
      "charged",
      `${credits(charged)} for ${delivered} of ${images.length} image${images.length === 1 ? "" : "s"}`,
    ),
    row("returned", credits(receipt.returned)),
    row("adds up", `${receipt.held} held = ${receipt.charged} charged + ${receipt.returned} returned`),
    "  entries",
    ...receipt.entries.map(
      (entry) =>
        `    ${clock(entry.at)}  ${entry.kind.padEnd(8)} ${String(entry.amount).padStart(4)}  ${entry.from} -> ${entry.to}`,
    ),
    "  calls",
    ...receipt.attempts.map((attempt) =>
      [
        `    image ${attempt.image + 1} #${attempt.n}`,
        `${attempt.provider} ${attempt.model}`,
        attempt.error ? `${attempt.state}: ${attempt.error}` : attempt.state,
        seconds(attempt.startedAt, attempt.endedAt),
        `cost to us ${dollars(attempt.costMicros)}`,
      ].join("  "),
    ),
  ];
}

const row = (name: string, value: string) => `  ${name.padEnd(9)} ${value}`;
