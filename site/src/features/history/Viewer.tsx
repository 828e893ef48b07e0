import type { Generation, Image } from "@imgpilot/contract/generations";
import { ChevronLeft, ChevronRight, Download, ExternalLink, Share2 } from "lucide-react";
import { useEffect, useEffectEvent, useState } from "react";
import { locale, m } from "#strings";
import { Dialog } from "../../controls/Dialog.tsx";
import { Note } from "../../controls/Note.tsx";
import { direction } from "../../i18n/locales.ts";
import { ShareDialog } from "../share/ShareDialog.tsx";
import { download } from "./download.ts";

type Props = { generation: Generation; modelName: string; start: number; onClose: () => void };

/** One image as large as the window allows; arrow keys go to its neighbours. */
export function Viewer({ generation, modelName, start, onClose }: Props) {
  const [shown, setShown] = useState(start);
  const [isSharing, setSharing] = useState(false);
  const done = generation.images.filter((image) => image.state === "done" && image.url);
  const index = done.findIndex(({ n }) => n === shown);
  const image = done[index];
  const go = (step: number) => setShown(done[(index + step + done.length) % done.length]?.n ?? shown);
  useArrows(go, !isSharing);
  if (!image) return null;
  const title = m.image_of({ number: image.n + 1, count: generation.count });
  return (
    <Dialog title={title} onClose={onClose} className="viewer" hidesTitle>
      <div className="viewer-body">
        <figure className="viewer-figure">
          <img
            key={image.n}
            src={image.url ?? ""}
            alt={m.image_alt({ prompt: generation.prompt })}
            width={image.width ?? undefined}
            height={image.height ?? undefined}
          />
        </figure>
        <div className="viewer-bar">
          {done.length > 1 && <Steps go={go} title={title} />}
          <p className="label grow">
            <bdi>{modelName}</bdi> ·{" "}
            <span dir="ltr">
              {image.width} × {image.height}
            </span>
          </p>
          <Save image={image} name={`${generation.id}-${image.n + 1}`} />
          <button type="button" className="button" onClick={() => setSharing(true)}>
            <Share2 size={16} aria-hidden="true" />
            {m.share()}
          </button>
        </div>
      </div>
      {isSharing && (
        <ShareDialog
          generationId={generation.id}
          n={image.n}
          shared={image.share}
          onClose={() => setSharing(false)}
        />
      )}
    </Dialog>
  );
}

/** Arrow keys are a second way to the buttons; which of them leads on depends on the direction of reading. */
function useArrows(go: (step: number) => void, isOn: boolean) {
  const press = useEffectEvent(({ key }: KeyboardEvent) => {
    const forward = direction(locale()) === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (isOn && (key === "ArrowLeft" || key === "ArrowRight")) go(key === forward ? 1 : -1);
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event);
    addEventListener("keydown", listener);
    return () => removeEventListener("keydown", listener);
  }, []);
}

function Steps({ go, title }: { go: (step: number) => void; title: string }) {
  return (
    <div className="row tight">
      <button type="button" className="button button-icon" onClick={() => go(-1)} aria-label={m.previous()}>
        <ChevronLeft size={18} aria-hidden="true" className="flips" />
      </button>
      <span role="status" className="label">
        {title}
      </span>
      <button type="button" className="button button-icon" onClick={() => go(1)} aria-label={m.next()}>
        <ChevronRight size={18} aria-hidden="true" className="flips" />
      </button>
    </div>
  );
}

function Save({ image, name }: { image: Image; name: string }) {
  const [failed, setFailed] = useState(false);
  if (failed && image.url) {
    return (
      <Note kind="mind" role="alert">
        {m.download_failed()}{" "}
        <a className="text-link" href={image.url} target="_blank" rel="noreferrer">
          {m.download_open()} <ExternalLink size={14} aria-hidden="true" />
        </a>
      </Note>
    );
  }
  return (
    <button
      type="button"
      className="button"
      onClick={() => void download(image, name).catch(() => setFailed(true))}
    >
      <Download size={16} aria-hidden="true" />
      {m.download()}
    </button>
  );
}
