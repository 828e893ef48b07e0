import { locale, m } from "#strings";
import { Note } from "../../controls/Note.tsx";
import { isRefusal } from "../../data/client.ts";
import { refusalWords } from "../../data/refusal-words.ts";
import { formatNumber } from "../../i18n/format.ts";
import type { Composition } from "./use-composition.ts";

/** Why the last press started nothing, and what to do about it. */
export function Complaint({ composition: { submit, price, isUploading } }: { composition: Composition }) {
  if (isUploading) return <Note role="status">{m.references_wait()}</Note>;
  const { error } = submit;
  if (!error) return null;
  if (isRefusal(error, "price.changed") && price.credits !== null) {
    const value = formatNumber(locale(), price.credits);
    return (
      <Note kind="mind" role="alert">
        {m.price_now({ count: price.credits, value })}
      </Note>
    );
  }
  return (
    <Note kind="bad" role="alert">
      {refusalWords(error)}
    </Note>
  );
}
