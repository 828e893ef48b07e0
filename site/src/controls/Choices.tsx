import { type ReactNode, useId } from "react";

type Props<T extends string | number> = {
  legend: string;
  options: readonly T[];
  value: T;
  onChange: (value: T) => void;
  children: (option: T) => ReactNode;
  label?: (option: T) => string;
};

/** One of a few, all in sight: radio buttons with everything that browsers know about them. */
export function Choices<T extends string | number>({
  legend,
  options,
  value,
  onChange,
  children,
  label,
}: Props<T>) {
  const name = useId();
  return (
    <fieldset>
      <legend className="label">{legend}</legend>
      <div className="choices">
        {options.map((option) => (
          <label key={option} className="choice">
            <input
              type="radio"
              name={name}
              value={option}
              checked={option === value}
              onChange={() => onChange(option)}
              aria-label={label?.(option)}
            />
            {children(option)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
