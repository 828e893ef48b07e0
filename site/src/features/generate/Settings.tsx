import type { Quality } from "@imgpilot/contract/model";
import type { ModelCard } from "@imgpilot/contract/models";
import { useId } from "react";
import { m } from "#strings";
import { Choices } from "../../controls/Choices.tsx";
import { qualityName } from "../../data/qualities.ts";
import { type Fallback, type Order, qualitiesOf, resolutionsOf } from "./order.ts";

type Props = { order: Order; model: ModelCard; onChange: (change: Partial<Order>) => void };

/** Only what the chosen model can do: a control that is absent would have had no effect. */
export function Settings({ order, model, onChange }: Props) {
  const resolutions = resolutionsOf(model, order.quality);
  const counts = Array.from({ length: model.maxCount }, (_, index) => index + 1);
  return (
    <>
      <Choices
        legend={m.ratio()}
        options={model.aspectRatios}
        value={order.aspectRatio}
        onChange={(aspectRatio) => onChange({ aspectRatio })}
      >
        {(ratio) => (
          <>
            <Shape ratio={ratio} /> <span dir="ltr">{ratio}</span>
          </>
        )}
      </Choices>
      <div className="settings-row">
        <Choices
          legend={m.resolution()}
          options={resolutions}
          value={order.resolution}
          onChange={(resolution) => onChange({ resolution })}
        >
          {(resolution) => resolution}
        </Choices>
        {counts.length > 1 && (
          <Choices
            legend={m.count()}
            options={counts}
            value={order.count}
            onChange={(count) => onChange({ count })}
            label={(count) => m.images({ count })}
          >
            {(count) => count}
          </Choices>
        )}
      </div>
      {model.quality && (
        <QualityChoice
          model={model}
          value={order.quality ?? model.quality.usual}
          onChange={(quality) => onChange({ quality })}
        />
      )}
      <FallbackChoice value={order.fallback} onChange={(fallback) => onChange({ fallback })} />
    </>
  );
}

type QualityProps = { model: ModelCard; value: Quality; onChange: (value: Quality) => void };

function QualityChoice({ model, value, onChange }: QualityProps) {
  return (
    <Choices legend={m.quality()} options={qualitiesOf(model)} value={value} onChange={onChange}>
      {qualityName}
    </Choices>
  );
}

/** The ratio as a small rectangle of that shape. Drawn, not styled: the policy of the page forbids style attributes. */
function Shape({ ratio }: { ratio: string }) {
  const [width = 1, height = 1] = ratio.split(":").map(Number);
  const scale = 13 / Math.max(width, height);
  const [w, h] = [width * scale, height * scale];
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" className="shape">
      <rect
        x={8 - w / 2}
        y={8 - h / 2}
        width={w}
        height={h}
        rx="1.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
    </svg>
  );
}

function FallbackChoice({ value, onChange }: { value: Fallback; onChange: (value: Fallback) => void }) {
  const id = useId();
  const options: readonly [Fallback, string][] = [
    ["none", m.fallback_none()],
    ["same-model", m.fallback_same()],
    ["any-model", m.fallback_any()],
  ];
  return (
    <div>
      <label className="label" htmlFor={id}>
        {m.fallback()}
      </label>
      <select
        id={id}
        className="field"
        value={value}
        onChange={({ target }) => onChange(target.value as Fallback)}
      >
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
