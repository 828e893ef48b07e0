import { LoaderCircle } from "lucide-react";
import { locale, m } from "#strings";
import { formatNumber } from "../../i18n/format.ts";

type Props = {
  count: number;
  credits: number | null;
  available: number | null;
  isSending: boolean;
  isReady: boolean;
};

/** Says what a press does and costs. It stays pressable when the balance is short: the refusal then explains. */
export function GenerateButton({ count, credits, available, isSending, isReady }: Props) {
  const isShort = available !== null && credits !== null && credits > available;
  return (
    <div className="generate">
      <button
        type="submit"
        className="button button-main generate-button"
        aria-disabled={isSending || !isReady || credits === null}
      >
        {isSending && <LoaderCircle size={16} aria-hidden="true" className="spin" />}
        <span>{isSending ? m.generating() : m.generate({ count })}</span>
        {credits !== null && (
          <span className="generate-price">
            {m.credits({ count: credits, value: formatNumber(locale(), credits) })}
          </span>
        )}
      </button>
      {isShort && (
        <p className="label generate-short">
          {m.balance_short({ count: available, value: formatNumber(locale(), available) })}
        </p>
      )}
    </div>
  );
}
