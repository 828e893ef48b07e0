import { locale, m } from "#strings";
import { Dialog } from "../../controls/Dialog.tsx";
import { pageIn } from "../../i18n/locales.ts";
import { keepDraft } from "../generate/drafts.ts";
import { SignIn } from "./SignIn.tsx";

type Props = { prompt: string; onClose: () => void };

/** Signing in without leaving: prompt, references and settings stay where they are. The mail's link brings the prompt along. */
export function SignInDialog({ prompt, onClose }: Props) {
  return (
    <Dialog title={m.sign_in()} onClose={onClose}>
      <SignIn
        intro={prompt.trim() ? m.sign_in_prompt_kept() : m.sign_in_text()}
        returnPath={() => studioWith(prompt)}
        onSignedIn={onClose}
      />
    </Dialog>
  );
}

/** The studio's path; with a prompt, by the number of a draft, because a prompt must not be in an address. */
async function studioWith(prompt: string): Promise<string> {
  const studio = pageIn(locale(), "create");
  if (!prompt.trim()) return studio;
  // Without a draft the link still signs in; the prompt is then in this window alone.
  const draft = await keepDraft(prompt).catch(() => null);
  return draft === null ? studio : `${studio}?draft=${encodeURIComponent(draft)}`;
}
