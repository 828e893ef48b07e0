import { CHAT_ROUTES } from "@imgpilot/contract/chat-routes";
import { LoaderCircle, WandSparkles } from "lucide-react";
import { type KeyboardEvent, useId, useRef } from "react";
import { locale, m } from "#strings";
import { Note } from "../../controls/Note.tsx";
import { providerName } from "../../data/providers.ts";
import { refusalWords } from "../../data/refusal-words.ts";
import { formatList } from "../../i18n/format.ts";
import { changesOf } from "./prompt-diff.ts";
import type { Composition } from "./use-composition.ts";
import { useHelper } from "./use-helper.ts";

/** Asks for a better prompt, and shows what it would change. The prompt itself changes only when that is taken. */
export function PromptHelper({ composition }: { composition: Composition }) {
  const { prompt } = composition.order;
  const helper = useHelper(composition);
  const note = useId();
  const first = useRef<HTMLButtonElement>(null);
  const isIdle = !prompt.trim() || helper.isAsking;
  // The buttons that were pressed are gone then, and the focus must be somewhere near.
  const end = (act: () => void) => () => {
    act();
    first.current?.focus();
  };
  return (
    <div className="helper">
      <div className="helper-acts">
        {(["improve", "expand"] as const).map((mode) => (
          <button
            key={mode}
            ref={mode === "improve" ? first : null}
            type="button"
            className="button button-quiet"
            aria-disabled={isIdle}
            aria-describedby={note}
            onClick={() => helper.ask(mode)}
          >
            {mode === "improve" && <Sign isAsking={helper.isAsking} />}
            {mode === "improve" ? m.helper_improve() : m.helper_expand()}
          </button>
        ))}
      </div>
      <Receivers id={note} />
      <p role="status" className="sr-only">
        {helper.proposal === null ? "" : m.helper_ready()}
      </p>
      {helper.error && (
        <Note kind="bad" role="alert">
          {refusalWords(helper.error)}
        </Note>
      )}
      {helper.proposal !== null && (
        <Proposal
          prompt={prompt}
          proposal={helper.proposal}
          onAccept={end(helper.accept)}
          onRefuse={end(helper.refuse)}
        />
      )}
    </div>
  );
}

/** Promise C8: to whom the prompt goes when help is asked for. */
function Receivers({ id }: { id: string }) {
  const names = CHAT_ROUTES.map(({ provider }) => providerName(provider));
  return (
    <p id={id} className="privacy label">
      {m.helper_receivers({ providers: formatList(locale(), names) })}
    </p>
  );
}

function Sign({ isAsking }: { isAsking: boolean }) {
  return isAsking ? (
    <LoaderCircle size={16} className="spin" role="img" aria-label={m.helper_working()} />
  ) : (
    <WandSparkles size={16} aria-hidden="true" />
  );
}

type ProposalProps = { prompt: string; proposal: string; onAccept: () => void; onRefuse: () => void };

/** The eye gets the difference, the ear the proposal as it would read. */
function Proposal({ prompt, proposal, onAccept, onRefuse }: ProposalProps) {
  const title = useId();
  const refuseByKey = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onRefuse();
  };
  return (
    <section className="proposal" aria-labelledby={title} onKeyDown={refuseByKey}>
      <h3 id={title} className="label">
        {m.helper_proposal()}
      </h3>
      <p className="sr-only" dir="auto">
        {proposal}
      </p>
      <p className="proposal-text" dir="auto" aria-hidden="true">
        {changesOf(prompt, proposal, locale()).map(({ kind, text }, i) => {
          const key = `${i}-${kind}`;
          if (kind === "new") return <ins key={key}>{text}</ins>;
          return kind === "gone" ? <del key={key}>{text}</del> : <span key={key}>{text}</span>;
        })}
      </p>
      <div className="helper-acts">
        <button type="button" className="button" onClick={onAccept}>
          {m.helper_accept()}
        </button>
        <button type="button" className="button button-quiet" onClick={onRefuse}>
          {m.helper_refuse()}
        </button>
      </div>
    </section>
  );
}
