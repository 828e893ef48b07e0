import { createHash } from "node:crypto";

/** A source of numbers that is the same for the same words, on every machine. */
export type Random = {
  /** In [0, 1). */
  readonly next: () => number;
  readonly between: (low: number, high: number) => number;
  /** Whole, both ends included. */
  readonly whole: (low: number, high: number) => number;
  readonly pick: <T>(from: readonly [T, ...T[]]) => T;
};

export function randomOf(words: string): Random {
  let state = createHash("sha256").update(words).digest().readUInt32LE(0);
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (low: number, high: number) => low + next() * (high - low);
  const whole = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return { next, between, whole, pick: (from) => from[Math.floor(next() * from.length)] ?? from[0] };
}
