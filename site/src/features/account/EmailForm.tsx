import { type SubmitEvent, useId } from "react";
import { m } from "#strings";
import { Note } from "../../controls/Note.tsx";
import { refusalWords } from "../../data/refusal-words.ts";

type Props = {
  email: string;
  error: Error | null;
  isSending: boolean;
  onEmail: (email: string) => void;
  onSubmit: (event: SubmitEvent<HTMLFormElement>) => void;
};

/** An address and the confirmation of age (promise A4); nothing else is asked (A2). */
export function EmailForm({ email, error, isSending, onEmail, onSubmit }: Props) {
  const id = useId();
  return (
    <form className="stack" onSubmit={onSubmit}>
      <div>
        <label className="label" htmlFor={id}>
          {m.email()}
        </label>
        <input
          id={id}
          className="field"
          type="email"
          name="email"
          required
          maxLength={254}
          autoComplete="email"
          inputMode="email"
          dir="ltr"
          value={email}
          onChange={({ target }) => onEmail(target.value)}
        />
      </div>
      <label className="check">
        <input type="checkbox" required />
        <span>{m.age_confirmation()}</span>
      </label>
      {error && (
        <Note kind="bad" role="alert">
          {refusalWords(error)}
        </Note>
      )}
      <button type="submit" className="button button-main" disabled={isSending}>
        {isSending ? m.sending() : m.send_mail()}
      </button>
      <p className="label">{m.sign_in_cookie()}</p>
    </form>
  );
}
