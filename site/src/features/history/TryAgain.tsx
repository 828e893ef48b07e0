import type { Generation } from "@imgpilot/contract/generations";
import { useRef } from "react";
import { locale, m } from "#strings";
import { refusalWords } from "../../data/refusal-words.ts";
import { formatNumber } from "../../i18n/format.ts";
import { useTryAgain } from "./use-try-again.ts";

/** Draws one image again that failed, for the price that it names. */
export function TryAgain({ generation, n }: { generation: Generation; n: number }) {
  const button = useRef<HTMLButtonElement>(null);
  const { credits, again } = useTryAgain(generation, n, () => {
    // The button goes away; who stood on it is left on its tile, and nobody else is moved.
    if (document.activeElement === button.current) button.current?.closest("li")?.focus();
  });
  const price = m.credits({ count: credits, value: formatNumber(locale(), credits) });
  return (
    <>
      {again.error && (
        <p role="alert" className="tile-bad">
          {refusalWords(again.error)}
        </p>
      )}
      <button
        type="button"
        ref={button}
        className="button"
        aria-disabled={again.isPending}
        onClick={() => !again.isPending && again.mutate()}
      >
        {again.isPending ? m.generating() : `${m.try_again()} · ${price}`}
      </button>
    </>
  );
}
