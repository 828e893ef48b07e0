import type { GenerationState } from "@imgpilot/contract/generations";
import type { ModelCard } from "@imgpilot/contract/models";
import { useId } from "react";
import { m } from "#strings";
import type { Filter } from "../../data/queries.ts";
import { FILTER_STATES } from "./filter.ts";

type Props = { filter: Filter; models: readonly ModelCard[]; onChange: (filter: Filter) => void };

export function Filters({ filter, models, onChange }: Props) {
  const ids = { model: useId(), state: useId() };
  return (
    <search className="filters" aria-label={m.filters()}>
      <div>
        <label className="label" htmlFor={ids.model}>
          {m.model()}
        </label>
        <select
          id={ids.model}
          className="field"
          value={filter.model ?? ""}
          onChange={({ target }) => onChange({ ...filter, model: target.value || undefined })}
        >
          <option value="">{m.filter_all_models()}</option>
          {models.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </div>
      <div>
        <label className="label" htmlFor={ids.state}>
          {m.filter_outcome()}
        </label>
        <select
          id={ids.state}
          className="field"
          value={filter.state ?? ""}
          onChange={({ target }) =>
            onChange({ ...filter, state: FILTER_STATES.find((state) => state === target.value) })
          }
        >
          <option value="">{m.filter_all_outcomes()}</option>
          {FILTER_STATES.map((state) => (
            <option key={state} value={state}>
              {stateWords(state)}
            </option>
          ))}
        </select>
      </div>
    </search>
  );
}

function stateWords(state: GenerationState): string {
  const words: Readonly<Record<GenerationState, () => string>> = {
    queued: m.state_running,
    running: m.state_running,
    succeeded: m.state_succeeded,
    partial: m.state_partial,
    refused: m.state_refused,
    failed: m.state_failed,
    cancelled: m.state_cancelled,
  };
  return words[state]();
}
