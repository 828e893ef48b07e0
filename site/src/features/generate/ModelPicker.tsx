import type { ModelCard } from "@imgpilot/contract/models";
import { ChevronDown } from "lucide-react";
import { useId, useState } from "react";
import { m } from "#strings";
import { maxReferences, resolutionsOf } from "./order.ts";

type Props = { models: readonly ModelCard[]; model: ModelCard; onChange: (model: ModelCard) => void };

/** The chosen model; opened, all of them with what each can do and costs. */
export function ModelPicker({ models, model, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  const name = useId();
  const list = useId();
  return (
    <div className="model-picker">
      <span className="label" id={`${list}-label`}>
        {m.model()}
      </span>
      <button
        type="button"
        className="model-current"
        aria-expanded={isOpen}
        aria-controls={list}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="grow">
          <strong>{model.name}</strong>
          <span className="label">{model.maker}</span>
        </span>
        <ChevronDown size={18} aria-hidden="true" className={isOpen ? "rotate-180" : undefined} />
        <span className="sr-only">{m.model_change()}</span>
      </button>
      <div
        id={list}
        className="model-list"
        role="radiogroup"
        aria-labelledby={`${list}-label`}
        hidden={!isOpen}
      >
        {models.map((one) => (
          <label key={one.id} className="model-card">
            <input
              type="radio"
              name={name}
              value={one.id}
              checked={one.id === model.id}
              onChange={() => onChange(one)}
            />
            <span className="grow">
              <strong>{one.name}</strong>
              <span className="label">{abilities(one)}</span>
            </span>
            <Prices model={one} />
          </label>
        ))}
      </div>
    </div>
  );
}

function abilities(model: ModelCard): string {
  const references = maxReferences(model);
  return [
    model.maker,
    references > 0 ? m.model_references({ count: references }) : m.model_no_references(),
  ].join(" · ");
}

function Prices({ model }: { model: ModelCard }) {
  return (
    <span className="model-prices">
      {resolutionsOf(model).map((resolution) => (
        <span key={resolution}>
          <span className="label">{resolution}</span> {model.prices[resolution]}
        </span>
      ))}
      <span className="label">{m.credits_per_image()}</span>
      {model.references.price > 0 && (
        <span className="label">{m.model_reference_price({ price: model.references.price })}</span>
      )}
    </span>
  );
}
