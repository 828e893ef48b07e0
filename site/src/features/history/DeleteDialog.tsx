import type { Generation } from "@imgpilot/contract/generations";
import type { UseMutationResult } from "@tanstack/react-query";
import { m } from "#strings";
import { Dialog } from "../../controls/Dialog.tsx";
import { Note } from "../../controls/Note.tsx";
import { refusalWords } from "../../data/refusal-words.ts";
import { isLive } from "./progress.ts";

type Props = { generation: Generation; remove: UseMutationResult<null, Error, void>; onClose: () => void };

/** Asks before something goes for good. The focus is on Close, which changes nothing. */
export function DeleteDialog({ generation, remove, onClose }: Props) {
  return (
    <Dialog title={m.remove_title()} onClose={onClose}>
      <p className="clamped" dir="auto">
        {generation.prompt}
      </p>
      <p>{m.remove_text({ count: generation.count })}</p>
      {isLive(generation) && <Note kind="mind">{m.remove_live()}</Note>}
      {remove.error && (
        <Note kind="bad" role="alert">
          {refusalWords(remove.error)}
        </Note>
      )}
      <div className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {m.keep()}
        </button>
        <button
          type="button"
          className="button button-bad"
          disabled={remove.isPending}
          onClick={() => remove.mutate()}
        >
          {remove.isPending ? m.removing() : m.remove_now()}
        </button>
      </div>
    </Dialog>
  );
}
