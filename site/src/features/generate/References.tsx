import type { ModelCard } from "@imgpilot/contract/models";
import { ImagePlus, RotateCw, X } from "lucide-react";
import { useRef } from "react";
import { locale, m } from "#strings";
import { Note } from "../../controls/Note.tsx";
import { refusalWords } from "../../data/refusal-words.ts";
import { formatNumber } from "../../i18n/format.ts";
import { maxReferences } from "./order.ts";
import { maxBytesOf } from "./reference-file.ts";
import type { Reference, References as State, Turned } from "./use-references.ts";

type Props = { model: ModelCard; references: State };

/** Numbered slots, because prompts speak of "the first image". Files also come by drop and paste. */
export function References({ model, references }: Props) {
  const chooser = useRef<HTMLInputElement>(null);
  const max = maxReferences(model);
  if (max === 0 && references.items.length === 0) return null;
  return (
    <fieldset>
      <legend className="label">{m.references()}</legend>
      <ul className="slots">
        {references.items.map((item, index) => (
          <Slot key={item.key} item={item} number={index + 1} isUsed={index < max} references={references} />
        ))}
        {references.items.length < max && (
          <li>
            <button type="button" className="slot slot-add" onClick={() => chooser.current?.click()}>
              <ImagePlus size={18} aria-hidden="true" />
              <span className="sr-only">{m.references_add()}</span>
            </button>
          </li>
        )}
      </ul>
      <input
        ref={chooser}
        type="file"
        hidden
        multiple={max > 1}
        accept={model.references.types.join(",")}
        onChange={({ target }) => {
          references.add([...(target.files ?? [])]);
          target.value = "";
        }}
      />
      {max > 0 && (
        <p className="label">
          {m.references_hint({
            count: max,
            megabytes: formatNumber(locale(), maxBytesOf(model) / 1_000_000),
          })}
        </p>
      )}
      {references.turned.map((one) => (
        <Note key={one.name} kind="mind" role="alert">
          {turnedWords(one, model)}
        </Note>
      ))}
    </fieldset>
  );
}

type SlotProps = { item: Reference; number: number; isUsed: boolean; references: State };

function Slot({ item, number, isUsed, references }: SlotProps) {
  const name = m.reference_number({ number });
  return (
    <li
      className="slot"
      data-state={item.is}
      data-unused={!isUsed || undefined}
      aria-busy={item.is === "uploading"}
    >
      <img src={item.preview} alt={`${name}: ${item.file.name}`} />
      <span className="slot-number" aria-hidden="true">
        {number}
      </span>
      {!isUsed && <span className="slot-state">{m.reference_unused()}</span>}
      {isUsed && item.is === "uploading" && <span className="slot-state">{m.reference_uploading()}</span>}
      {isUsed && item.is === "failed" && (
        <button
          type="button"
          className="slot-state"
          title={refusalWords(item.error)}
          onClick={() => references.again(item.key)}
        >
          <RotateCw size={14} aria-hidden="true" />
          {m.try_again()}
        </button>
      )}
      <button
        type="button"
        className="slot-remove"
        onClick={() => references.remove(item.key)}
        aria-label={m.reference_remove({ number })}
      >
        <X size={14} aria-hidden="true" />
      </button>
    </li>
  );
}

function turnedWords({ name, fault }: Turned, model: ModelCard): string {
  if (fault === "many") return m.reference_many({ name, count: maxReferences(model) });
  if (fault === "size")
    return m.reference_size({ name, megabytes: formatNumber(locale(), maxBytesOf(model) / 1_000_000) });
  if (fault === "empty") return m.reference_empty({ name });
  return m.reference_type({ name });
}
