import type { StatementEntry } from "@imgpilot/contract/credits";
import { m } from "#strings";

const WORDS: Readonly<Record<string, () => string>> = {
  grant: () => m.entry_added(),
  reserve: () => m.entry_reserved(),
  commit: () => m.entry_charged(),
  refund: () => m.entry_returned(),
  expire: () => m.entry_expired(),
  revoke: () => m.entry_taken(),
  withdraw: () => m.entry_taken(),
  adjust: () => m.entry_taken(),
  owe: () => m.entry_owed(),
  repay: () => m.entry_repaid(),
  reinstate: () => m.entry_reinstated(),
};

/** What happened, in words for the person; a kind that this page does not know yet by its name in the journal. */
export const entryWords = ({ kind }: Pick<StatementEntry, "kind">): string => WORDS[kind]?.() ?? kind;

/** By how much an entry changed what can be spent: nothing where credits moved between what cannot. */
export function changeOf({
  kind,
  from,
  to,
  amount,
}: Pick<StatementEntry, "kind" | "from" | "to" | "amount">) {
  const moved = to === "remaining" ? amount : from === "remaining" ? -amount : 0;
  const owed = kind === "owe" ? amount : kind === "repay" ? -amount : 0;
  return moved - owed;
}
