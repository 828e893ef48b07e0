import type { ModelCard } from "@imgpilot/contract/models";
import { SlidersHorizontal } from "lucide-react";
import { type SubmitEvent, useId, useState } from "react";
import { m } from "#strings";
import { Note } from "../../controls/Note.tsx";
import { Complaint } from "./Complaint.tsx";
import { GenerateButton } from "./GenerateButton.tsx";
import { ModelPicker } from "./ModelPicker.tsx";
import { type Dropped, receiversOf } from "./order.ts";
import { PrivacyNote } from "./PrivacyNote.tsx";
import { PromptBox } from "./PromptBox.tsx";
import { PromptHelper } from "./PromptHelper.tsx";
import { References } from "./References.tsx";
import { Settings } from "./Settings.tsx";
import type { Composition } from "./use-composition.ts";
import { useDrop } from "./use-drop.ts";

type Props = { composition: Composition; models: readonly ModelCard[]; available: number | null };

/** The instrument panel: everything that makes an order, and the one button that spends. */
export function Composer({ composition, models, available }: Props) {
  const { order, model, references, price, submit, change, choose } = composition;
  const [isOpen, setOpen] = useState(false);
  const { isOver, target } = useDrop(references.add);
  const ids = { privacy: useId(), options: useId() };
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    composition.send();
    setOpen(false);
  };
  return (
    <form
      className="composer"
      data-over={isOver || undefined}
      aria-label={m.composer()}
      onSubmit={send}
      {...target}
    >
      <PromptBox
        value={order.prompt}
        onChange={(prompt) => change({ prompt })}
        onFiles={references.add}
        describedBy={ids.privacy}
      />
      <PromptHelper composition={composition} />
      <PrivacyNote id={ids.privacy} receivers={receiversOf(order, models, composition.used)} />
      <div id={ids.options} className="options" data-open={isOpen}>
        <References model={model} references={references} />
        <ModelPicker models={models} model={model} onChange={choose} />
        {composition.dropped.length > 0 && (
          <Note kind="mind">{droppedWords(composition.dropped, model.name)}</Note>
        )}
        <Settings order={order} model={model} onChange={change} />
      </div>
      <div className="composer-end">
        <Complaint composition={composition} />
        <div className="composer-press">
          <OptionsToggle controls={ids.options} isOpen={isOpen} onToggle={() => setOpen(!isOpen)} />
          <GenerateButton
            count={order.count}
            credits={price.credits}
            available={available}
            isSending={submit.isPending}
            isReady={composition.isReady}
          />
        </div>
      </div>
    </form>
  );
}

type ToggleProps = { controls: string; isOpen: boolean; onToggle: () => void };

/** Only a narrow window has it: there the options are a sheet above the prompt. */
function OptionsToggle({ controls, isOpen, onToggle }: ToggleProps) {
  return (
    <button
      type="button"
      className="button options-toggle"
      aria-expanded={isOpen}
      aria-controls={controls}
      onClick={onToggle}
    >
      <SlidersHorizontal size={16} aria-hidden="true" />
      {m.options()}
    </button>
  );
}

function droppedWords(dropped: readonly Dropped[], model: string): string {
  const words = {
    ratio: m.dropped_ratio,
    quality: m.dropped_quality,
    resolution: m.dropped_resolution,
    count: m.dropped_count,
    references: m.dropped_references,
  };
  return dropped.map((one) => words[one]({ model })).join(" ");
}
