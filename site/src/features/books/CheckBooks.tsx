import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, CircleAlert } from "lucide-react";
import { type ReactNode, useId } from "react";
import { locale, m } from "#strings";
import { Note } from "../../controls/Note.tsx";
import { downloadBooks } from "../../data/client.ts";
import { creditsQuery } from "../../data/queries.ts";
import { refusalWords } from "../../data/refusal-words.ts";
import { formatNumber } from "../../i18n/format.ts";
import { checkBooks, type Outcome } from "./check-books.ts";

/** Runs the verifier in this browser, on the journal as the API sends it, against the balance in the bar. */
export function CheckBooks() {
  const queries = useQueryClient();
  const check = useMutation({
    mutationFn: () =>
      checkBooks({
        journal: () => downloadBooks("jsonl"),
        balance: () => queries.fetchQuery({ ...creditsQuery(true), staleTime: 0 }),
      }),
  });
  const id = useId();
  return (
    <section aria-labelledby={id} className="stack">
      <h2 id={id} className="stack-title">
        {m.books_check()}
      </h2>
      <p className="soft">{m.books_check_text()}</p>
      <button type="button" className="button" disabled={check.isPending} onClick={() => check.mutate()}>
        {check.isPending ? m.checking() : m.books_check()}
      </button>
      <div role="status">{check.data && !check.isPending && <Result outcome={check.data} />}</div>
      {check.error && (
        <Note kind="bad" role="alert">
          {refusalWords(check.error)}
        </Note>
      )}
    </section>
  );
}

const say = (count: number) => ({ count, value: formatNumber(locale(), count) });

function Result({ outcome }: { outcome: Outcome }) {
  if (outcome.is === "wrong-row")
    return (
      <Finding isGood={false}>
        {m.books_wrong_row({ line: formatNumber(locale(), outcome.line) })}{" "}
        <span lang="en" dir="ltr">
          ({outcome.problem})
        </span>
      </Finding>
    );
  if (outcome.is === "wrong-balance") {
    const [credits, shown] = [m.credits(say(outcome.computed)), m.credits(say(outcome.shown))];
    return <Finding isGood={false}>{m.books_wrong_balance({ credits, shown })}</Finding>;
  }
  return (
    <>
      <Finding isGood>{m.books_rows(say(outcome.rows))}</Finding>
      <Finding isGood>{m.books_balance({ credits: m.credits(say(outcome.shown)) })}</Finding>
      {outcome.lapsed > 0 && (
        <p className="label">{m.books_lapsed({ credits: m.credits(say(outcome.lapsed)) })}</p>
      )}
      <p className="label">{m.books_chain()}</p>
      <code className="label break" dir="ltr">
        {outcome.chain}
      </code>
    </>
  );
}

function Finding({ isGood, children }: { isGood: boolean; children: ReactNode }) {
  const Sign = isGood ? Check : CircleAlert;
  return (
    <p className="verdict" data-good={isGood}>
      <Sign size={16} aria-hidden="true" />
      <span>{children}</span>
    </p>
  );
}
