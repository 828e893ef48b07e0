import type { AspectRatio } from "@imgpilot/contract/catalogue";

/** Models that are asked for pixels take edges that are multiples of this. */
const STEP = 16;

type Limits = { readonly pixels: number; readonly edge?: number };

/** The largest size of exactly this ratio within these limits, its edges in steps of 16 pixels. */
export function sizeWithin(
  aspectRatio: AspectRatio,
  { pixels, edge = pixels }: Limits,
): { width: number; height: number } {
  const [across = 1, down = 1] = aspectRatio.split(":").map(Number);
  const common = divisor(across, down);
  const [width, height] = [(across / common) * STEP, (down / common) * STEP];
  const times = Math.min(Math.sqrt(pixels / (width * height)), edge / Math.max(width, height));
  return { width: width * Math.floor(times), height: height * Math.floor(times) };
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
