import type { Generation, Image } from "@imgpilot/contract/generations";
import { Ban, CircleSlash, Clock, Download, Repeat, Save, Shuffle, Sparkles } from "lucide-react";
import { locale, m } from "#strings";
import { useNow } from "../../controls/use-now.ts";
import { providerName } from "../../data/providers.ts";
import { formatSeconds } from "../../i18n/format.ts";
import { failureWords } from "./failure-words.ts";
import { canTryAgain, elapsedSeconds, isMoving, phaseStart } from "./progress.ts";
import { TryAgain } from "./TryAgain.tsx";

type Props = { generation: Generation; image: Image; onOpen: () => void; onStale: () => void };

/** One image at its final shape from the first moment on: its phase, why it is not there, or itself. */
export function Tile({ generation, image, onOpen, onStale }: Props) {
  const label = m.image_of({ number: image.n + 1, count: generation.count });
  return (
    <li className="tile" data-state={image.state} data-ratio={generation.aspectRatio} tabIndex={-1}>
      <TileBody generation={generation} image={image} label={label} onOpen={onOpen} onStale={onStale} />
    </li>
  );
}

function TileBody({ generation, image, label, onOpen, onStale }: Props & { label: string }) {
  if (image.state === "done" && image.thumbnails) {
    const { w320, w1024 } = image.thumbnails;
    return (
      <button
        type="button"
        className="tile-open"
        onClick={onOpen}
        aria-label={m.image_open({ image: label })}
      >
        <img
          src={w1024}
          srcSet={`${w320} 320w, ${w1024} 1024w`}
          sizes={sizesIn(generation)}
          alt=""
          loading="lazy"
          decoding="async"
          onError={onStale}
        />
      </button>
    );
  }
  if (image.state === "failed") {
    return (
      <div className="tile-words">
        <Ban size={18} aria-hidden="true" className="tile-bad" />
        <p>
          <strong>{m.not_charged()}</strong> {failureWords(image)}
        </p>
        {canTryAgain(generation, image) && <TryAgain generation={generation} n={image.n} />}
      </div>
    );
  }
  if (image.state === "cancelled") {
    return (
      <div className="tile-words">
        <CircleSlash size={18} aria-hidden="true" />
        <p>
          <strong>{m.not_charged()}</strong> {m.image_cancelled()}
        </p>
      </div>
    );
  }
  return <Phase generation={generation} image={image} label={label} />;
}

/** Said generously where few share the strip: between two widths far apart a browser would stretch the smaller one. */
function sizesIn({ count, aspectRatio }: Generation): string {
  if (count === 1) return "(min-width: 60rem) 48rem, 100vw";
  const isBroad = count === 2 || aspectRatio === "16:9" || aspectRatio === "21:9";
  return isBroad ? "(min-width: 60rem) 48rem, 50vw" : "(min-width: 60rem) 18rem, 50vw";
}

const SIGNS = {
  queued: Clock,
  calling: Sparkles,
  retrying: Repeat,
  "falling-back": Shuffle,
  waiting: Sparkles,
  storing: Save,
  done: Download,
} as const;

/** The phase by name and the seconds it has taken: what is known, and nothing that is guessed. */
function Phase({ generation, image, label }: { generation: Generation; image: Image; label: string }) {
  const now = useNow(isMoving(image));
  const seconds = elapsedSeconds(phaseStart(generation, image), now);
  const Sign = SIGNS[image.state as keyof typeof SIGNS] ?? Clock;
  return (
    <div className="tile-phase">
      <span className="lamp" data-live={image.state !== "queued"} aria-hidden="true" />
      <p>
        <span className="sr-only">{label}: </span>
        <Sign size={14} aria-hidden="true" />
        <span>{phaseWords(image)}</span>
      </p>
      <p className="label" aria-hidden="true">
        {now > 0 && formatSeconds(locale(), seconds)}
      </p>
    </div>
  );
}

function phaseWords({ state, attempt, provider }: Image): string {
  const who = provider ? providerName(provider) : m.a_provider();
  if (state === "queued") return m.phase_queued();
  if (state === "calling")
    return attempt > 1
      ? m.phase_calling_again({ provider: who, attempt })
      : m.phase_calling({ provider: who });
  if (state === "retrying") return m.phase_retrying({ provider: who, attempt: attempt + 1 });
  if (state === "falling-back") return m.phase_falling_back({ provider: who });
  if (state === "waiting") return m.phase_waiting({ provider: who });
  return m.phase_storing();
}
