import type { ImageShare } from "@imgpilot/contract/shares";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Check, Copy, ExternalLink, Globe } from "lucide-react";
import { useState } from "react";
import { m } from "#strings";
import { announce } from "../../controls/Announcer.tsx";
import { Dialog } from "../../controls/Dialog.tsx";
import { Note } from "../../controls/Note.tsx";
import { refusalWords } from "../../data/refusal-words.ts";
import { addressOf, rememberShare, share, unshare } from "./shares.ts";

type Props = { generationId: string; n: number; shared: ImageShare | null; onClose: () => void };

/** Sharing is the owner's act (promise D3): says what others will see before, and takes it back at any time (D4). */
export function ShareDialog({ generationId, n, shared, onClose }: Props) {
  const queries = useQueryClient();
  const [isListed, setListed] = useState(true);
  const make = useMutation({
    mutationFn: () => share(generationId, n, isListed),
    onSuccess: (made) => rememberShare(queries, generationId, n, made),
  });
  const revoke = useMutation({
    mutationFn: () => unshare(generationId, n),
    onSuccess: () => {
      rememberShare(queries, generationId, n, null);
      announce(m.share_stopped());
    },
  });
  const error = make.error ?? revoke.error;
  return (
    <Dialog title={m.share_title()} onClose={onClose}>
      <p>{shared ? m.share_is_public() : m.share_text()}</p>
      {shared && <Address shared={shared} />}
      {!shared && revoke.isSuccess && <Note role="status">{m.share_stopped()}</Note>}
      {!shared && (
        <label className="check">
          <input type="checkbox" checked={isListed} onChange={({ target }) => setListed(target.checked)} />
          <span>{m.share_listed()}</span>
        </label>
      )}
      {error && (
        <Note kind="bad" role="alert">
          {refusalWords(error)}
        </Note>
      )}
      <div className="dialog-actions">
        {shared ? (
          <Press words={m.share_stop()} isBad isBusy={revoke.isPending} onPress={() => revoke.mutate()} />
        ) : (
          <Press words={m.share_make()} isBusy={make.isPending} onPress={() => make.mutate()} />
        )}
      </div>
    </Dialog>
  );
}

type PressProps = { words: string; isBad?: boolean; isBusy: boolean; onPress: () => void };

function Press({ words, isBad = false, isBusy, onPress }: PressProps) {
  return (
    <button
      type="button"
      className={`button ${isBad ? "button-bad" : "button-main"}`}
      disabled={isBusy}
      onClick={onPress}
    >
      {!isBad && <Globe size={16} aria-hidden="true" />}
      {words}
    </button>
  );
}

function Address({ shared }: { shared: ImageShare }) {
  const [isCopied, setCopied] = useState(false);
  const address = new URL(addressOf(shared), location.origin).href;
  const copy = async () => {
    await navigator.clipboard.writeText(address);
    setCopied(true);
    announce(m.copied());
  };
  return (
    <div className="row tight">
      <input
        className="field"
        readOnly
        value={address}
        dir="ltr"
        aria-label={m.share_address()}
        onFocus={({ target }) => target.select()}
      />
      <button type="button" className="button" onClick={() => void copy().catch(() => {})}>
        {isCopied ? <Check size={16} aria-hidden="true" /> : <Copy size={16} aria-hidden="true" />}
        {isCopied ? m.copied() : m.copy()}
      </button>
      <a
        className="button button-icon"
        href={address}
        target="_blank"
        rel="noreferrer"
        aria-label={m.share_open()}
      >
        <ExternalLink size={16} aria-hidden="true" />
      </a>
    </div>
  );
}
