import type { Generation } from "@imgpilot/contract/generations";
import { useState } from "react";
import { locale, m } from "#strings";
import { qualityName } from "../../data/qualities.ts";
import { formatTime, shorten } from "../../i18n/format.ts";
import { BatchActions } from "./BatchActions.tsx";
import { MoneyLine } from "./MoneyLine.tsx";
import { Tile } from "./Tile.tsx";
import { useGeneration } from "./use-generation.ts";
import { Viewer } from "./Viewer.tsx";

type Props = {
  listed: Generation;
  listedAt: number;
  modelName: string;
  onReuse: ((generation: Generation) => void) | null;
  onStale: () => void;
};

/** One order and its images: the strip, and beside it what was asked for and what it cost. */
export function Batch({ listed, listedAt, modelName, onReuse, onStale }: Props) {
  const generation = useGeneration(listed, listedAt);
  const [open, setOpen] = useState<number | null>(null);
  return (
    <article className="batch" aria-label={m.generation_label({ prompt: shorten(generation.prompt, 80) })}>
      <ul className="strip" data-count={generation.count}>
        {generation.images.map((image) => (
          <Tile
            key={image.n}
            generation={generation}
            image={image}
            onOpen={() => setOpen(image.n)}
            onStale={onStale}
          />
        ))}
      </ul>
      <div className="batch-text">
        <p className="batch-prompt" dir="auto">
          {generation.prompt}
        </p>
        <p className="label">
          <bdi>{modelName}</bdi> · <bdi>{generation.aspectRatio}</bdi> · <bdi>{generation.resolution}</bdi>
          {generation.quality && ` · ${m.quality()}: ${qualityName(generation.quality)}`} ·{" "}
          <time dateTime={generation.createdAt} dir="auto">
            {formatTime(locale(), new Date(generation.createdAt))}
          </time>
        </p>
        <MoneyLine generation={generation} />
        <BatchActions generation={generation} onReuse={onReuse} />
      </div>
      {open !== null && (
        <Viewer generation={generation} modelName={modelName} start={open} onClose={() => setOpen(null)} />
      )}
    </article>
  );
}
