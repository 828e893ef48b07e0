import { type ReactNode, useEffect, useRef } from "react";

type Props = { label: string; shown: ReactNode; children: ReactNode };

/** A disclosure in the bar: opens by press, closes by Escape or when one turns elsewhere. */
export function Menu({ label, shown, children }: Props) {
  const ref = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const outside = (event: Event) => {
      if (ref.current && !ref.current.contains(event.target as Node)) ref.current.open = false;
    };
    const close = ({ key }: KeyboardEvent) => {
      if (key !== "Escape" || !ref.current?.open) return;
      ref.current.open = false;
      ref.current.querySelector("summary")?.focus();
    };
    addEventListener("click", outside);
    addEventListener("focusin", outside);
    addEventListener("keydown", close);
    return () => {
      removeEventListener("click", outside);
      removeEventListener("focusin", outside);
      removeEventListener("keydown", close);
    };
  }, []);
  return (
    <details ref={ref} className="menu">
      <summary className="button button-quiet" aria-label={label}>
        {shown}
      </summary>
      <div className="menu-list">{children}</div>
    </details>
  );
}
