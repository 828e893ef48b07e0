import type { Generation, Image } from "@imgpilot/contract/generations";

/** Where an image is, in words; the provider's name where it is their turn. */
export function phase(image: Image): string {
  switch (image.state) {
    case "calling":
      return `calling ${image.provider ?? ""}${image.attempt > 1 ? `, try ${image.attempt}` : ""}`.trim();
    case "retrying":
      return `retry ${image.attempt + 1}`;
    case "falling-back":
      return `falling back from ${image.provider ?? "the provider"}`;
    case "waiting":
      return `waiting for ${image.provider ?? "the provider"}`;
    case "failed":
      return `failed: ${image.failure?.message ?? "no reason given"}`;
    default:
      return image.state;
  }
}

type Screen = { readonly isTTY?: boolean; readonly columns?: number; write: (text: string) => unknown };

/** Shows each image's phase and seconds: redrawn in place on a terminal, a line per change elsewhere. */
export function createProgress(screen: Screen) {
  const since = new Map<number, { words: string; at: number }>();
  let drawn = 0;

  return {
    show(generation: Generation, now = Date.now()): void {
      const lines = generation.images.map((image) => {
        const words = phase(image);
        const known = since.get(image.n);
        const changed = known?.words !== words;
        if (changed) since.set(image.n, { words, at: now });
        const elapsed = ((now - (changed ? now : (known?.at ?? now))) / 1000).toFixed(1);
        const settled = ["done", "failed", "cancelled"].includes(image.state);
        return { changed, text: `  image ${image.n + 1}  ${words}${settled ? "" : `  ${elapsed} s`}` };
      });
      if (screen.isTTY) {
        if (drawn) screen.write(`\x1b[${drawn}A`);
        for (const { text } of lines) screen.write(`\x1b[2K${text.slice(0, (screen.columns ?? 100) - 1)}\n`);
        drawn = lines.length;
      } else
        for (const { changed, text } of lines)
          if (changed) screen.write(`${text.replace(/ {2}[\d.]+ s$/, "")}\n`);
    },
  };
}
