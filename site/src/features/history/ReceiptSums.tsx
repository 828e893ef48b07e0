import type { Entry, Receipt } from "@imgpilot/contract/generations";
import { Check, CircleAlert } from "lucide-react";
import { locale, m } from "#strings";
import { formatClock, formatNumber } from "../../i18n/format.ts";
import { sumsOf } from "./receipt.ts";

/** The journal's own lines, and below them what they add up to. */
export function ReceiptSums({ receipt }: { receipt: Receipt }) {
  const sums = sumsOf(receipt);
  const isSettled = receipt.settledAt !== null;
  return (
    <section aria-label={m.receipt_entries()}>
      <table className="ledger">
        <caption>{m.receipt_entries()}</caption>
        <tbody>
          <Line words={m.receipt_quoted()} amount={receipt.quoted} />
          {receipt.entries.map((entry) => (
            <tr key={entry.id}>
              <td>
                {entryWords(entry)}
                <time className="label block" dateTime={entry.at}>
                  {formatClock(locale(), new Date(entry.at))}
                </time>
              </td>
              <td className="number">{formatNumber(locale(), entry.amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <Line words={m.receipt_held()} amount={receipt.held} />
          <Line words={m.receipt_charged()} amount={receipt.charged} isStrong />
          <Line words={m.receipt_returned()} amount={receipt.returned} />
        </tfoot>
      </table>
      <p className="verdict" data-good={sums.addsUp}>
        {sums.addsUp ? <Check size={16} aria-hidden="true" /> : <CircleAlert size={16} aria-hidden="true" />}
        {verdict(sums.addsUp, isSettled)}
      </p>
    </section>
  );
}

function verdict(addsUp: boolean, isSettled: boolean): string {
  if (!addsUp) return m.receipt_off();
  return isSettled ? m.receipt_adds_up() : m.receipt_open();
}

function Line({ words, amount, isStrong = false }: { words: string; amount: number; isStrong?: boolean }) {
  const value = m.credits({ count: amount, value: formatNumber(locale(), amount) });
  return (
    <tr className={isStrong ? "strong" : undefined}>
      <th scope="row">{words}</th>
      <td className="number">{value}</td>
    </tr>
  );
}

function entryWords({ from, to, kind }: Entry): string {
  if (to === "held") return m.entry_held();
  if (from === "held" && to === "consumed") return m.entry_charged();
  if (from === "held") return m.entry_returned();
  return kind;
}
