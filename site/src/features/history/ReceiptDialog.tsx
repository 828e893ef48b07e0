import type { Attempt, Generation, GenerationWithReceipt } from "@imgpilot/contract/generations";
import { useQuery } from "@tanstack/react-query";
import { locale, m } from "#strings";
import { Dialog } from "../../controls/Dialog.tsx";
import { Note } from "../../controls/Note.tsx";
import { providerName } from "../../data/providers.ts";
import { generationQuery } from "../../data/queries.ts";
import { refusalWords } from "../../data/refusal-words.ts";
import { formatClock, formatNumber, formatSeconds } from "../../i18n/format.ts";
import { ReceiptRuns } from "./ReceiptRuns.tsx";
import { ReceiptSums } from "./ReceiptSums.tsx";
import { secondsOf } from "./receipt.ts";

type Props = { generation: Pick<Generation, "id">; onClose: () => void };

/** Promise C7: what was asked, what it cost, which entries say so, and who was called how often. */
export function ReceiptDialog({ generation, onClose }: Props) {
  const { data, error } = useQuery({ ...generationQuery(generation.id, true), staleTime: 0 });
  return (
    <Dialog title={m.receipt()} onClose={onClose}>
      {error && !data && (
        <Note kind="bad" role="alert">
          {refusalWords(error)}
        </Note>
      )}
      {!data && !error && <p role="status">{m.loading()}</p>}
      {data && (
        <>
          <ReceiptSums receipt={data.receipt} />
          <ReceiptRuns runs={data.receipt.runs} />
          <Attempts attempts={data.receipt.attempts} />
          <Asked generation={data} />
        </>
      )}
    </Dialog>
  );
}

function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return null;
  return (
    <table className="ledger">
      <caption>{m.receipt_attempts()}</caption>
      <thead>
        <tr>
          <th scope="col">{m.receipt_image()}</th>
          <th scope="col">{m.receipt_provider()}</th>
          <th scope="col">{m.receipt_outcome()}</th>
          <th scope="col" className="number">
            {m.receipt_time()}
          </th>
        </tr>
      </thead>
      <tbody>
        {attempts.map((attempt) => (
          <tr key={`${attempt.image}-${attempt.n}-${attempt.startedAt}`}>
            <td>{m.receipt_image_attempt({ number: attempt.image + 1, attempt: attempt.n })}</td>
            <td>
              {providerName(attempt.provider)}
              <span className="label block" dir="ltr">
                {attempt.model}
              </span>
            </td>
            <td>{outcomeWords(attempt)}</td>
            <td className="number">{tookWords(attempt)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function tookWords(attempt: Attempt): string {
  const seconds = secondsOf(attempt);
  return seconds === null
    ? formatClock(locale(), new Date(attempt.startedAt))
    : formatSeconds(locale(), seconds);
}

function outcomeWords({ state, error }: Attempt): string {
  if (state === "delivered") return m.attempt_delivered();
  if (state === "unknown") return m.attempt_unknown();
  if (state !== "failed") return m.attempt_running();
  const words: Readonly<Record<NonNullable<Attempt["error"]>, () => string>> = {
    rate_limited: m.attempt_busy,
    overloaded: m.attempt_busy,
    timeout: m.attempt_timeout,
    quota: m.attempt_away,
    auth: m.attempt_away,
    model_gone: m.attempt_gone,
    moderated: m.attempt_blocked,
    no_image: m.attempt_no_image,
    invalid_input: m.attempt_input,
    bad_response: m.attempt_reply,
  };
  return error ? words[error]() : m.attempt_failed();
}

function Asked({ generation: { receipt, id } }: { generation: GenerationWithReceipt }) {
  const { requested } = receipt;
  return (
    <dl className="facts">
      <dt>{m.receipt_asked()}</dt>
      <dd dir="ltr">
        {requested.model} · {requested.aspectRatio} · {requested.resolution}
      </dd>
      {requested.seed !== null && (
        <>
          <dt>{m.seed()}</dt>
          <dd>{formatNumber(locale(), requested.seed)}</dd>
        </>
      )}
      <dt>{m.receipt_number()}</dt>
      <dd dir="ltr" className="break">
        {id}
      </dd>
    </dl>
  );
}
