/**
 * Capitals drawn with a pen of one width, because a machine may have no fonts: per letter its width and its strokes
 * on a field that is 6 high.
 */
const GLYPHS: Readonly<Record<string, readonly [width: number, strokes: string]>> = {
  A: [4.2, "M0 6L2.1 0L4.2 6M.75 4H3.45"],
  B: [3.6, "M0 0V6H2.1A1.5 1.55 0 0 0 2.1 2.9H0M2 2.9A1.4 1.45 0 0 0 2 0H0"],
  C: [4, "M4 1.1A2.3 3 0 1 0 4 4.9"],
  D: [4, "M0 0V6H1.4A2.6 3 0 0 0 1.4 0Z"],
  E: [3.3, "M3.3 0H0V6H3.3M0 3H2.7"],
  F: [3.2, "M3.2 0H0V6M0 3H2.6"],
  G: [4.3, "M4.1 1.1A2.3 3 0 1 0 4.3 3.5H2.6"],
  H: [4, "M0 0V6M4 0V6M0 3H4"],
  I: [0, "M0 0V6"],
  J: [2.6, "M2.6 0V4.4A1.35 1.6 0 0 1 0 4.7"],
  K: [3.8, "M0 0V6M3.6 0L0 3.6M1.3 2.4L3.8 6"],
  L: [3.1, "M0 0V6H3.1"],
  M: [4.8, "M0 6V0L2.4 3.8L4.8 0V6"],
  N: [4, "M0 6V0L4 6V0"],
  O: [4.6, "M2.3 0A2.3 3 0 1 0 2.3 6A2.3 3 0 1 0 2.3 0Z"],
  P: [3.6, "M0 6V0H2A1.6 1.65 0 0 1 2 3.3H0"],
  Q: [4.7, "M2.3 0A2.3 3 0 1 0 2.3 6A2.3 3 0 1 0 2.3 0ZM2.9 4.3L4.7 6.4"],
  R: [3.8, "M0 6V0H2A1.6 1.6 0 0 1 2 3.2H0M1.9 3.2L3.8 6"],
  S: [3.5, "M3.3 1C2.9 -.3 .3 -.4 .3 1.5C.3 3.5 3.5 2.6 3.5 4.5C3.5 6.6 .4 6.4 0 4.9"],
  T: [4, "M0 0H4M2 0V6"],
  U: [4, "M0 0V3.9A2 2.1 0 0 0 4 3.9V0"],
  V: [4.2, "M0 0L2.1 6L4.2 0"],
  W: [6, "M0 0L1.5 6L3 .8L4.5 6L6 0"],
  X: [3.9, "M0 0L3.9 6M3.9 0L0 6"],
  Y: [4, "M0 0L2 3.1L4 0M2 3.1V6"],
  Z: [3.7, "M0 0H3.7L0 6H3.7"],
  "0": [3.8, "M1.9 0A1.9 3 0 1 0 1.9 6A1.9 3 0 1 0 1.9 0Z"],
  "1": [1.3, "M0 1.2L1.3 0V6"],
  "2": [3.4, "M.1 1.5C.3 -.5 3.3 -.5 3.3 1.6C3.3 3 1.6 3.9 0 6H3.4"],
  "3": [
    3.3,
    "M.2 .7C1.4 -.6 3.1 0 3.1 1.5C3.1 2.5 2.2 2.9 1.3 2.9C2.4 2.9 3.3 3.4 3.3 4.4C3.3 6.3 1 6.5 0 5.2",
  ],
  "4": [3.8, "M2.8 6V0L0 4.2H3.8"],
  "5": [3.3, "M3 0H.6L.3 2.7C1.8 1.9 3.3 2.6 3.3 4.1C3.3 6.3 .9 6.5 0 5.3"],
  "6": [3.5, "M2.8 0C1 1.5 0 3 0 4.2A1.75 1.8 0 1 0 1.75 2.4C1 2.4 .3 2.8 .1 3.4"],
  "7": [3.4, "M0 0H3.4L1.2 6"],
  "8": [3.4, "M1.7 0A1.4 1.4 0 1 0 1.7 2.8A1.7 1.6 0 1 0 1.7 6A1.7 1.6 0 1 0 1.7 2.8A1.4 1.4 0 1 0 1.7 0Z"],
  "9": [3.5, "M.7 6C2.5 4.5 3.5 3 3.5 1.8A1.75 1.8 0 1 0 1.75 3.6C2.5 3.6 3.2 3.2 3.4 2.6"],
  "-": [2, "M0 3.2H2"],
  "'": [0, "M0 0V1.3"],
  ",": [0.4, "M.4 5.7L0 6.9"],
  ".": [0, "M0 5.9V6"],
  "&": [4, "M4 6L.9 1.9C.2 .9 .7 0 1.7 0C2.7 0 3.1 1.1 2.3 1.9L1 3C-.9 4.6 .5 6 1.7 6C3 6 3.8 4.9 3.9 3.5"],
};

const SPACE = 2.4;
const TRACKING = 1.7;

/** The first few words that the letters can write, in capitals; accents are dropped, other scripts cannot be written. */
export function captionOf(prompt: string, maxLetters: number): string {
  const plain = prompt.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll("\u2019", "'").toUpperCase();
  const words = plain.split(/[^A-Z0-9'&,.-]+/).filter((word) => /[A-Z0-9]/.test(word));
  let caption = "";
  for (const word of words) {
    const longer = caption ? `${caption} ${word}` : word;
    if (longer.length > maxLetters) break;
    caption = longer;
  }
  return caption.replace(/[,.'&-]+$/, "");
}

/** How wide a caption is when its capitals are `height` high. */
export const widthOf = (caption: string, height: number): number => (advance(caption) * height) / 6;

/** SVG strokes for a caption with its upper left corner at (x, y). */
export function lettering(
  caption: string,
  x: number,
  y: number,
  height: number,
  colour: string,
  opacity = 1,
): string {
  let at = 0;
  const strokes = [...caption].map((letter) => {
    const glyph = GLYPHS[letter];
    const placed = glyph ? `<path transform="translate(${at.toFixed(2)} 0)" d="${glyph[1]}"/>` : "";
    at += glyph ? glyph[0] + TRACKING : SPACE;
    return placed;
  });
  const place = `translate(${x.toFixed(1)} ${y.toFixed(1)}) scale(${(height / 6).toFixed(4)})`;
  return `<g transform="${place}" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width=".62" stroke-linecap="round" stroke-linejoin="round">${strokes.join("")}</g>`;
}

function advance(caption: string): number {
  const widths = [...caption].map((letter) => (GLYPHS[letter] ? GLYPHS[letter][0] + TRACKING : SPACE));
  return Math.max(0, widths.reduce((sum, width) => sum + width, 0) - TRACKING);
}
