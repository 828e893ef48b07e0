import { CircleAlert, Info } from "lucide-react";
import type { ReactNode } from "react";

type Props = { kind?: "plain" | "mind" | "bad"; role?: "alert" | "status"; children: ReactNode };

/** A sentence that matters, with a sign beside it, because colour alone tells nothing. */
export function Note({ kind = "plain", role, children }: Props) {
  const Sign = kind === "plain" ? Info : CircleAlert;
  return (
    <div className={`note ${kind === "plain" ? "" : `note-${kind}`}`} role={role}>
      <Sign size={16} aria-hidden="true" />
      <div className="grow">{children}</div>
    </div>
  );
}
