import { X } from "lucide-react";
import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { m } from "#strings";

type Props = {
  title: string;
  onClose: () => void;
  children: ReactNode;
  className?: string;
  hidesTitle?: boolean;
};

/**
 * A modal dialog while it is rendered. The browser's own: it keeps the focus in, gives it back, and closes by Escape;
 * a press beside it closes it too.
 */
export function Dialog({ title, onClose, children, className = "sheet-dialog", hidesTitle = false }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  // Layout, because its end comes while the dialog still stands: one that is closed gives the focus back, one that is
  // merely gone does not.
  useLayoutEffect(() => {
    const dialog = ref.current;
    const { documentElement: root } = document;
    root.toggleAttribute("data-scrollbar", innerWidth > root.clientWidth);
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className={className}
      aria-labelledby={heading}
      closedby="any"
      onCancel={(event) => {
        event.preventDefault();
        // React passes it on to a dialog that this one stands in, which shall stay open.
        if (event.target === event.currentTarget) onClose();
      }}
    >
      <div className="dialog-body">
        <header className="dialog-head">
          <h2 id={heading} className={hidesTitle ? "sr-only" : undefined}>
            {title}
          </h2>
          <button type="button" className="button button-icon" onClick={onClose} aria-label={m.close()}>
            <X size={18} aria-hidden="true" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
