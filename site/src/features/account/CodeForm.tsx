import { type SubmitEvent, useEffect, useId, useRef } from "react";
import { m } from "#strings";
import { Note } from "../../controls/Note.tsx";
import { refusalWords } from "../../data/refusal-words.ts";

type Props = {
  email: string;
  error: Error | null;
  isSending: boolean;
  onCode: (code: string) => void;
  onBack: () => void;
};

/** Check your mail. The field has the focus, because the person has just asked for what goes into it. */
export function CodeForm({ email, error, isSending, onCode, onBack }: Props) {
  const field = useRef<HTMLInputElement>(null);
  const ids = { field: useId(), hint: useId() };
  useEffect(() => field.current?.focus(), []);
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const code = (field.current?.value ?? "").replaceAll(/\D/g, "");
    if (code.length === 6) onCode(code);
    else field.current?.focus();
  };
  return (
    <form className="stack" onSubmit={send}>
      <h2 className="stack-title">{m.check_mail()}</h2>
      <p id={ids.hint}>{m.check_mail_text({ email })}</p>
      <div>
        <label className="label" htmlFor={ids.field}>
          {m.code()}
        </label>
        <input
          ref={field}
          id={ids.field}
          className="field code-field"
          name="code"
          required
          inputMode="numeric"
          autoComplete="one-time-code"
          pattern="\s*(\d\s*){6}"
          maxLength={12}
          dir="ltr"
          aria-describedby={ids.hint}
        />
      </div>
      {error && (
        <Note kind="bad" role="alert">
          {refusalWords(error)}
        </Note>
      )}
      <button type="submit" className="button button-main" disabled={isSending}>
        {isSending ? m.checking() : m.sign_in()}
      </button>
      <button type="button" className="text-link self-start" onClick={onBack}>
        {m.other_address()}
      </button>
    </form>
  );
}
