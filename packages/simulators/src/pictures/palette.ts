import type { Random } from "./random.ts";

/** Colours as `#rrggbb`. `sky` runs from top to bottom, `far` and `near` are the ends of a range, `light` glows. */
export type Palette = {
  readonly sky: readonly [string, string, string];
  readonly far: string;
  readonly near: string;
  readonly light: string;
  readonly accent: string;
};

type Setting = Palette & { readonly words: RegExp };

const SETTINGS: readonly [Setting, ...Setting[]] = [
  {
    words: /snow|winter|ice|frost|arctic|glacier/i,
    sky: ["#a9c3d6", "#d6e2e9", "#f6ece4"],
    far: "#c3d3de",
    near: "#2f4a63",
    light: "#fff6ec",
    accent: "#d9482b",
  },
  {
    words: /night|moon|star|space|galax|midnight/i,
    sky: ["#0b1026", "#1f2a5a", "#5b4b8a"],
    far: "#4a4f8f",
    near: "#0a0d1f",
    light: "#fdf1cf",
    accent: "#f2b84b",
  },
  {
    words: /forest|tree|green|moss|jungle|leaf|meadow/i,
    sky: ["#cfe0c8", "#e9ecc9", "#f8e6b8"],
    far: "#a9c7a0",
    near: "#16362c",
    light: "#fff3c4",
    accent: "#e07a3f",
  },
  {
    words: /sea|ocean|water|wave|lake|river|boat|ship|fish|whale|blue/i,
    sky: ["#0f3d5c", "#2f7f93", "#f0d9b5"],
    far: "#6fb3b8",
    near: "#06263b",
    light: "#ffe9c7",
    accent: "#ef6f4c",
  },
  {
    words: /desert|sand|dune|gold|canyon|savanna|lion|camel/i,
    sky: ["#e9b872", "#f3d19c", "#fbeacb"],
    far: "#e0a06a",
    near: "#5a2a27",
    light: "#fff4d6",
    accent: "#c8412f",
  },
  {
    words: /city|neon|cyber|street|robot|future|purple|violet/i,
    sky: ["#1a1036", "#6a2a7a", "#ff7a6b"],
    far: "#a04a9a",
    near: "#120a26",
    light: "#ffd3a1",
    accent: "#35d0ba",
  },
  {
    words: /flower|garden|spring|bloom|blossom|rose|pink|butterfly/i,
    sky: ["#f7c9d0", "#fbe3d6", "#fdf4e3"],
    far: "#e7a8b4",
    near: "#5b2b4a",
    light: "#fffaf0",
    accent: "#d6456b",
  },
  {
    words: /autumn|fire|sunset|dusk|fox|tiger|copper|volcano/i,
    sky: ["#3a1c3a", "#b3473f", "#f6b26b"],
    far: "#c8674a",
    near: "#1f1020",
    light: "#ffe2a8",
    accent: "#f2913d",
  },
  {
    words: /dawn|morning|mist|fog|light|cloud|mountain|hill/i,
    sky: ["#7f9bb8", "#e3b9a8", "#fde6c8"],
    far: "#c7b3b8",
    near: "#2d3350",
    light: "#fff1d8",
    accent: "#e2714d",
  },
];

/** Said outright, a colour is the one that stands out. */
const COLOURS: readonly (readonly [RegExp, string])[] = [
  [/\bred|scarlet|crimson/i, "#d43a2c"],
  [/orange|amber|fox/i, "#ef8a34"],
  [/yellow|gold|lemon/i, "#f4c542"],
  [/green|emerald/i, "#3f9a6b"],
  [/\bblue|azure|cobalt/i, "#2f6fd0"],
  [/purple|violet|lavender/i, "#8457c2"],
  [/pink|rose/i, "#e5678f"],
  [/white/i, "#fdfaf4"],
  [/black/i, "#1b1a1f"],
];

/** The mood of a prompt: its setting's colours, where it names one, and its own colour as the accent. */
export function paletteOf(prompt: string, random: Random): Palette {
  const chosen = SETTINGS.find(({ words }) => words.test(prompt)) ?? random.pick(SETTINGS);
  const colour = COLOURS.find(([words]) => words.test(prompt))?.[1];
  return { ...chosen, accent: colour ?? chosen.accent };
}

/** The colour a share `at` (0 to 1) of the way from one to the other. */
export function mix(from: string, to: string, at: number): string {
  const channel = (colour: string, i: number) => Number.parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16);
  const mixed = [0, 1, 2].map((i) => Math.round(channel(from, i) * (1 - at) + channel(to, i) * at));
  return `#${mixed.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}
