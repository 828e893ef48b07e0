import type { StatementEntry } from "@imgpilot/contract/credits";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { locale, m } from "#strings";
import { Unreadable } from "../../controls/Unreadable.tsx";
import { entriesQuery } from "../../data/queries.ts";
import { formatChange, formatDay, formatNumber, formatTime } from "../../i18n/format.ts";
import { MoreWhenSeen } from "../history/MoreWhenSeen.tsx";
import { ReceiptDialog } from "../history/ReceiptDialog.tsx";
import { changeOf, entryWords } from "./entry-words.ts";

/** The journal, newest first; an entry of a generation leads to its receipt. */
export function Entries() {
  const journal = useInfiniteQuery(entriesQuery());
  const [receipt, setReceipt] = useState<string | null>(null);
  if (journal.isPending)
    return (
      <p role="status" className="feed-state">
        {m.loading()}
      </p>
    );
  if (!journal.data) return <Unreadable error={journal.error} onAgain={() => void journal.refetch()} />;
  const entries = journal.data.pages.flatMap(({ items }) => items);
  if (entries.length === 0) return <p className="empty">{m.books_empty()}</p>;
  return (
    <div className="stack">
      <table className="ledger">
        <caption>{m.books_intro()}</caption>
        <thead>
          <tr>
            <th scope="col">{m.books_entry()}</th>
            <th scope="col" className="number">
              {m.credits_heading()}
            </th>
            <th scope="col" className="number">
              {m.books_after()}
            </th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} onReceipt={setReceipt} />
          ))}
        </tbody>
      </table>
      {journal.isFetchNextPageError && (
        <Unreadable error={journal.error} onAgain={() => void journal.fetchNextPage()} />
      )}
      {journal.hasNextPage && !journal.isFetchNextPageError && (
        <MoreWhenSeen isLoading={journal.isFetchingNextPage} onMore={() => void journal.fetchNextPage()} />
      )}
      {receipt && <ReceiptDialog generation={{ id: receipt }} onClose={() => setReceipt(null)} />}
    </div>
  );
}

type EntryProps = { entry: StatementEntry; onReceipt: (generation: string) => void };

function Entry({ entry, onReceipt }: EntryProps) {
  const { generation, meta, after } = entry;
  const change = changeOf(entry);
  const at = new Date(entry.at);
  return (
    <tr>
      <td>
        {entryWords(entry)}
        {meta?.reason && (
          <span className="label block break" dir="auto">
            {meta.reason}
          </span>
        )}
        <span className="label row">
          <time dateTime={entry.at}>
            {formatDay(locale(), at)}, {formatTime(locale(), at)}
          </time>
          {generation && (
            <button type="button" className="text-link" onClick={() => onReceipt(generation)}>
              {m.receipt()}
            </button>
          )}
        </span>
      </td>
      <td className="number">
        {change === 0 ? formatNumber(locale(), entry.amount) : formatChange(locale(), change)}
      </td>
      <td className="number">
        {formatNumber(locale(), Math.max(0, after.remaining - after.debt))}
        {after.held > 0 && (
          <span className="label block">{m.books_held({ value: formatNumber(locale(), after.held) })}</span>
        )}
        {after.debt > 0 && (
          <span className="label block">{m.books_owed({ value: formatNumber(locale(), after.debt) })}</span>
        )}
      </td>
    </tr>
  );
}
