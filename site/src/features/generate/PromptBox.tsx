import { PROMPT_MAX } from "@imgpilot/contract/generations";
import { type KeyboardEvent, useId } from "react";
import { locale, m } from "#strings";
import { formatNumber } from "../../i18n/format.ts";

type Props = {
  value: string;
  onChange: (prompt: string) => void;
  onFiles: (files: File[]) => void;
  describedBy: string;
};

const NEARLY = 500;

/** The prompt. Ctrl or Cmd with Enter generates; a pasted picture becomes a reference. */
export function PromptBox({ value, onChange, onFiles, describedBy }: Props) {
  const id = useId();
  const left = PROMPT_MAX - value.length;
  const send = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.currentTarget.form?.requestSubmit();
  };
  return (
    <div className="prompt">
      <label className="label prompt-label" htmlFor={id}>
        {m.prompt()}
      </label>
      <textarea
        id={id}
        className="field prompt-field"
        rows={4}
        dir="auto"
        required
        maxLength={PROMPT_MAX}
        value={value}
        placeholder={m.prompt_example()}
        aria-describedby={describedBy}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={send}
        onPaste={(event) => {
          const files = [...event.clipboardData.files];
          if (files.length === 0) return;
          event.preventDefault();
          onFiles(files);
        }}
      />
      {left <= NEARLY && (
        <p className="label">{m.prompt_left({ count: left, value: formatNumber(locale(), left) })}</p>
      )}
    </div>
  );
}
