import type { ReceiptRun } from "@imgpilot/contract/generations";
import { locale, m } from "#strings";
import { formatNumber } from "../../i18n/format.ts";

/** Which images each run was for, who paid for it, and what became of that; nothing where there was but one. */
export function ReceiptRuns({ runs }: { runs: readonly ReceiptRun[] }) {
  if (runs.length < 2) return null;
  return (
    <table className="ledger">
      <caption>{m.receipt_runs()}</caption>
      <tbody>
        {runs.map((run) => (
          <tr key={run.n}>
            <th scope="row">{formatNumber(locale(), run.n)}</th>
            <td>
              {m.receipt_image()} {run.images.map((n) => formatNumber(locale(), n + 1)).join(", ")}
            </td>
            <td>{runWords(run)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function runWords({ paidBy, charged, returned }: ReceiptRun): string {
  const say = (credits: number) => formatNumber(locale(), credits);
  return m.receipt_run_sums({
    paid: paidBy === "goodwill" ? m.receipt_paid_by_us() : m.receipt_paid_by_you(),
    charged: say(charged),
    returned: say(returned),
  });
}
