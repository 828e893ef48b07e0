import { ShieldAlert } from "lucide-react";
import { locale, m } from "#strings";
import { providerName } from "../../data/providers.ts";
import { formatList } from "../../i18n/format.ts";

/** Promise C8: what not to put in, and to whom it goes, as the settings are right now. */
export function PrivacyNote({ id, receivers }: { id: string; receivers: readonly string[] }) {
  return (
    <p id={id} className="privacy label">
      <ShieldAlert size={14} aria-hidden="true" />
      <span>
        {m.privacy_note()}{" "}
        {m.privacy_receivers({ providers: formatList(locale(), receivers.map(providerName)) })}
      </span>
    </p>
  );
}
