import type { Frame } from "./landscape.ts";

/** One megapixel (times `scale` squared) in this ratio, in steps of 32 pixels, as image models do it. */
export function sizeOf(aspectRatio: string, scale = 1): Frame {
  const [across = 1, down = 1] = aspectRatio.split(":").map(Number);
  const step = (edge: number) => Math.round(edge / 32) * 32 * scale;
  return { width: step(1_024 * Math.sqrt(across / down)), height: step(1_024 * Math.sqrt(down / across)) };
}
