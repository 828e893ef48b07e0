import { mix, type Palette } from "./palette.ts";
import type { Random } from "./random.ts";

export type Frame = { readonly width: number; readonly height: number };

/** A low sun over ridges that fade into the distance. */
export function landscape({ width, height }: Frame, colours: Palette, random: Random): string {
  const unit = Math.min(width, height);
  const horizon = height * random.between(0.5, 0.6);
  const radius = unit * random.between(0.13, 0.2);
  const sun = { x: width * random.between(0.25, 0.75), y: horizon - radius * random.between(0.5, 1.5) };
  const layers = random.whole(5, 7);
  const isPeaked = random.next() < 0.55;

  const ridges = Array.from({ length: layers }, (_, i) => {
    const depth = i / (layers - 1);
    const top = horizon + (height * 1.02 - horizon) * depth ** 1.25 * 0.82;
    const swing = unit * (0.05 + 0.09 * depth) * (isPeaked ? 1.2 : 0.8);
    const fill = mix(colours.far, colours.near, depth ** 0.9);
    const haze = mix(fill, colours.sky[2], 0.5 * (1 - depth) + 0.12);
    const line =
      isPeaked && i < layers - 2 ? peaks(width, top, swing, random) : dunes(width, top, swing, random);
    return `<linearGradient id="r${i}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${fill}"/><stop offset="1" stop-color="${haze}"/></linearGradient><path d="${line} V${height} H0 Z" fill="url(#r${i})"/>`;
  });

  return [
    `<linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${colours.sky[0]}"/><stop offset=".45" stop-color="${colours.sky[1]}"/><stop offset=".75" stop-color="${colours.sky[2]}"/></linearGradient>`,
    `<radialGradient id="glow"><stop offset="0" stop-color="${colours.light}" stop-opacity=".85"/><stop offset=".35" stop-color="${colours.light}" stop-opacity=".28"/><stop offset="1" stop-color="${colours.light}" stop-opacity="0"/></radialGradient>`,
    `<rect width="${width}" height="${height}" fill="url(#sky)"/>`,
    stars(width, horizon * 0.7, unit, colours, random),
    `<circle cx="${sun.x}" cy="${sun.y}" r="${radius * 3.4}" fill="url(#glow)"/>`,
    `<linearGradient id="sun" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${colours.accent}"/><stop offset="1" stop-color="${mix(colours.accent, colours.light, 0.3)}"/></linearGradient>`,
    `<circle cx="${sun.x}" cy="${sun.y}" r="${radius}" fill="url(#sun)"/>`,
    birds(sun, radius, unit, colours, random),
    ...ridges,
  ].join("");
}

/** Only where the sky is dark enough for them. */
function stars(width: number, depth: number, unit: number, colours: Palette, random: Random): string {
  if (Number.parseInt(colours.sky[0].slice(1, 3), 16) > 0x20) return "";
  return Array.from({ length: 90 }, () => {
    const y = depth * random.next() ** 1.4;
    const radius = unit * random.between(0.0006, 0.0019);
    return `<circle cx="${(width * random.next()).toFixed(1)}" cy="${y.toFixed(1)}" r="${radius.toFixed(2)}" fill="${colours.light}" opacity="${random.between(0.35, 0.95).toFixed(2)}"/>`;
  }).join("");
}

function birds(
  sun: { x: number; y: number },
  radius: number,
  unit: number,
  colours: Palette,
  random: Random,
): string {
  const flock = Array.from({ length: random.whole(3, 6) }, () => {
    const x = sun.x + radius * random.between(-2.2, 2.2);
    const y = sun.y - radius * random.between(-0.3, 1.5);
    const wing = unit * random.between(0.008, 0.015);
    return `<path d="M${(x - wing).toFixed(1)} ${(y - wing * 0.45).toFixed(1)}Q${(x - wing * 0.4).toFixed(1)} ${(y - wing * 0.5).toFixed(1)} ${x.toFixed(1)} ${y.toFixed(1)}Q${(x + wing * 0.4).toFixed(1)} ${(y - wing * 0.5).toFixed(1)} ${(x + wing).toFixed(1)} ${(y - wing * 0.45).toFixed(1)}"/>`;
  });
  return `<g fill="none" stroke="${colours.near}" stroke-width="${(unit * 0.0024).toFixed(2)}" stroke-linecap="round" opacity=".75">${flock.join("")}</g>`;
}

/** A soft line: three waves on top of each other. */
function dunes(width: number, top: number, swing: number, random: Random): string {
  const waves = [0.9, 2.1, 4.3].map((cycles, i) => ({
    turns: (cycles * random.between(0.8, 1.3) * 2 * Math.PI) / width,
    phase: random.between(0, 2 * Math.PI),
    size: swing / (1 + i * 1.8),
  }));
  const heightAt = (x: number) =>
    top + waves.reduce((sum, wave) => sum + Math.sin(x * wave.turns + wave.phase) * wave.size, 0);
  const points = Array.from({ length: 97 }, (_, i) => (i * width) / 96);
  return points.map((x, i) => `${i ? "L" : "M"}${x.toFixed(1)} ${heightAt(x).toFixed(1)}`).join("");
}

/** A broken line: every half is displaced by half as much as the whole was. */
function peaks(width: number, top: number, swing: number, random: Random): string {
  let heights = [random.between(-1, 1), random.between(-1, 1), random.between(-1, 1)];
  for (let size = 0.9; heights.length < 129; size *= 0.52)
    heights = heights.flatMap((height, i) => {
      const next = heights[i + 1];
      return next === undefined ? [height] : [height, (height + next) / 2 + random.between(-size, size)];
    });
  return heights
    .map(
      (height, i) => `${i ? "L" : "M"}${((i * width) / 128).toFixed(1)} ${(top - height * swing).toFixed(1)}`,
    )
    .join("");
}
