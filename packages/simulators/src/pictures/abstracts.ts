import type { Frame } from "./landscape.ts";
import { mix, type Palette } from "./palette.ts";
import type { Random } from "./random.ts";

/** Discs that pass through one another, with rings around the largest. */
export function orbits({ width, height }: Frame, colours: Palette, random: Random): string {
  const unit = Math.min(width, height);
  const centre = { x: width * random.between(0.38, 0.62), y: height * random.between(0.4, 0.55) };
  const main = unit * random.between(0.24, 0.3);
  const tints = [colours.accent, colours.near, colours.light, colours.far, colours.sky[0]];
  const discs = Array.from({ length: random.whole(4, 6) }, (_, i) => {
    const angle = random.between(0, 2 * Math.PI);
    const away = main * random.between(0.7, 1.5);
    const x = centre.x + Math.cos(angle) * away * (width / unit) ** 0.7;
    const y = centre.y + Math.sin(angle) * away * (height / unit) ** 0.7;
    const radius = main * random.between(0.28, 0.85);
    return `${shade(`d${i}`, tints[(i + 1) % tints.length] ?? colours.far)}<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(1)}" fill="url(#d${i})" opacity="${random.between(0.6, 0.9).toFixed(2)}"/>`;
  });
  const rings = Array.from({ length: 7 }, (_, i) => {
    const radius = main * (1.12 + i * random.between(0.13, 0.19));
    return `<circle cx="${centre.x.toFixed(1)}" cy="${centre.y.toFixed(1)}" r="${radius.toFixed(1)}" stroke-opacity="${(0.55 - i * 0.07).toFixed(2)}"/>`;
  });
  return [
    ground("ground", width, height, [colours.sky[2], colours.sky[1], colours.sky[0]]),
    `<g fill="none" stroke="${colours.light}" stroke-width="${(unit * 0.0022).toFixed(2)}">${rings.join("")}</g>`,
    ...discs.slice(0, 2),
    shade("main", colours.accent),
    `<circle cx="${centre.x.toFixed(1)}" cy="${centre.y.toFixed(1)}" r="${main.toFixed(1)}" fill="url(#main)"/>`,
    ...discs.slice(2),
  ].join("");
}

/** A curtain of lines, bent by two slow waves. */
export function ribbons({ width, height }: Frame, colours: Palette, random: Random): string {
  const unit = Math.min(width, height);
  const count = 46;
  const turns = random.between(0.7, 1.25);
  const phase = random.between(0, 6);
  const drift = random.between(1.4, 2.6);
  const lines = Array.from({ length: count }, (_, i) => {
    const share = i / (count - 1);
    const middle = height * (-0.08 + 1.16 * share);
    const swing = height * 0.13 * Math.sin(Math.PI * (0.15 + 0.7 * share));
    const points = Array.from({ length: 61 }, (_, k) => {
      const x = (k / 60) * width;
      const t = (x / width) * 2 * Math.PI * turns + phase;
      return [
        x,
        middle + swing * (Math.sin(t + share * drift) + 0.45 * Math.sin(2.1 * t - share * 3.4)),
      ] as const;
    });
    const path = points.map(([x, y], k) => `${k ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
    const colour =
      i % 11 === 5
        ? colours.accent
        : share < 0.5
          ? mix(colours.light, colours.far, share * 2)
          : mix(colours.far, colours.near, share * 2 - 1);
    return `<path d="${path} V${height * 1.2} H0 Z" fill="${colour}"/><path d="${path}" fill="none" stroke="${colours.light}" stroke-opacity=".22" stroke-width="${(unit * 0.0016).toFixed(2)}"/>`;
  });
  return ground("ground", width, height, colours.sky) + lines.join("");
}

/** Quarter circles on a grid, as on a tiled wall. */
export function tiles({ width, height }: Frame, colours: Palette, random: Random): string {
  const across = Math.max(3, Math.round((width / Math.min(width, height)) * random.whole(4, 5)));
  const size = width / across;
  const down = Math.ceil(height / size);
  const tints = [
    colours.near,
    colours.accent,
    colours.light,
    colours.far,
    colours.sky[1],
    mix(colours.near, colours.far, 0.4),
  ] as const;
  const cells = Array.from({ length: across * down }, (_, i) => {
    const x = (i % across) * size;
    const y = Math.floor(i / across) * size;
    const back = random.pick(tints);
    const front = random.pick(tints.filter((tint) => tint !== back) as [string, ...string[]]);
    const turn = random.whole(0, 3) * 90;
    return `<g transform="translate(${x.toFixed(2)} ${y.toFixed(2)}) rotate(${turn} ${size / 2} ${size / 2})"><rect x="-.5" y="-.5" width="${size + 1}" height="${size + 1}" fill="${back}"/>${shape(random, size, front, back)}</g>`;
  });
  return `${cells.join("")}${light(width, height, colours)}`;
}

function shape(random: Random, size: number, front: string, back: string): string {
  const half = size / 2;
  return random.pick([
    `<path d="M0 0H${size}A${size} ${size} 0 0 1 0 ${size}Z" fill="${front}"/>`,
    `<path d="M0 0H${size}A${size} ${size} 0 0 1 0 ${size}Z" fill="${front}"/><path d="M0 0H${half}A${half} ${half} 0 0 1 0 ${half}Z" fill="${back}"/>`,
    `<path d="M0 ${half}A${half} ${half} 0 0 1 ${size} ${half}Z" fill="${front}"/>`,
    `<circle cx="${half}" cy="${half}" r="${half * 0.72}" fill="${front}"/>`,
    `<path d="M0 0L${size} 0L0 ${size}Z" fill="${front}"/>`,
  ]);
}

const shade = (id: string, colour: string) =>
  `<radialGradient id="${id}" cx=".35" cy=".3" r=".85"><stop offset="0" stop-color="${mix(colour, "#ffffff", 0.35)}"/><stop offset=".55" stop-color="${colour}"/><stop offset="1" stop-color="${mix(colour, "#000000", 0.35)}"/></radialGradient>`;

const ground = (id: string, width: number, height: number, [top, middle, bottom]: Palette["sky"]) =>
  `<linearGradient id="${id}" x1="0" y1="0" x2=".35" y2="1"><stop offset="0" stop-color="${top}"/><stop offset=".5" stop-color="${middle}"/><stop offset="1" stop-color="${bottom}"/></linearGradient><rect width="${width}" height="${height}" fill="url(#${id})"/>`;

const light = (width: number, height: number, colours: Palette) =>
  `<radialGradient id="light" cx=".3" cy=".2" r="1"><stop offset="0" stop-color="${colours.light}" stop-opacity=".3"/><stop offset="1" stop-color="${colours.near}" stop-opacity=".35"/></radialGradient><rect width="${width}" height="${height}" fill="url(#light)"/>`;
