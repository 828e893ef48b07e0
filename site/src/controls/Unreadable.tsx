import { m } from "#strings";
import { refusalWords } from "../data/refusal-words.ts";
import { Note } from "./Note.tsx";

/** Something could not be read; says why, and asks again when told to. */
export function Unreadable({ error, onAgain }: { error: Error | null; onAgain: () => void }) {
  return (
    <Note kind="bad" role="alert">
      {refusalWords(error)}{" "}
      <button type="button" className="text-link" onClick={onAgain}>
        {m.try_again()}
      </button>
    </Note>
  );
}
