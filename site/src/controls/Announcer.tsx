import { useSyncExternalStore } from "react";

let message = "";
const listeners = new Set<() => void>();

/** Says a sentence to screen readers when they are ready for it; nothing moves, nothing takes the focus. */
export function announce(sentence: string): void {
  // The same sentence twice would not be read again; a mark that is not spoken makes it another.
  message = sentence === message ? `${sentence}\u00a0` : sentence;
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Announcer() {
  const text = useSyncExternalStore(
    subscribe,
    () => message,
    () => "",
  );
  return (
    <p role="status" className="sr-only">
      {text}
    </p>
  );
}
