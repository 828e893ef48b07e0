import sharp from "sharp";
import { orbits, ribbons, tiles } from "./abstracts.ts";
import { type Frame, landscape } from "./landscape.ts";
import { captionOf, lettering, widthOf } from "./lettering.ts";
import { paletteOf } from "./palette.ts";
import { randomOf } from "./random.ts";

export type PictureOrder = {
  readonly prompt: string;
  /** The same prompt, seed, size and references draw the same picture, byte for byte. */
  readonly seed: number;
  /** Pixels. */
  readonly size: Frame;
  readonly format: "png" | "jpeg" | "webp";
  readonly references: readonly Uint8Array[];
};

/** A reference that is not a picture, or too large a one to be looked at. */
export class UnreadableReference extends Error {
  override readonly name = "reference.unreadable";
}

const MAX_REFERENCE_PIXELS = 50_000_000;
const SCENES = [landscape, landscape, orbits, ribbons, tiles] as const;

/** What is composed is this large; larger pictures are the same composition, drawn finer. */
const COMPOSED_EDGE = 1_024;

/**
 * Draws a picture in the mood of its prompt: an abstract composition with the prompt's first words below, the
 * references laid on it as prints, and a small `sandbox` mark, so that nobody takes it for a model's work.
 * @throws {UnreadableReference}
 */
export async function drawPicture(order: PictureOrder): Promise<Buffer> {
  const { prompt, seed, size, format, references } = order;
  const random = randomOf(`${seed}:${prompt}`);
  const scale = COMPOSED_EDGE / Math.sqrt(size.width * size.height);
  const frame = { width: Math.round(size.width * scale), height: Math.round(size.height * scale) };
  const colours = paletteOf(prompt, random);
  const scene = random.pick(SCENES)(frame, colours, random);
  const prints = await layOut(references, frame);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" viewBox="0 0 ${frame.width} ${frame.height}" preserveAspectRatio="none">${scene}${prints}${caption(prompt, frame)}</svg>`;
  const image = sharp(Buffer.from(svg)).flatten({ background: colours.near });
  if (format === "png") return image.png({ compressionLevel: 6 }).toBuffer();
  if (format === "webp") return image.webp({ quality: 90 }).toBuffer();
  return image.jpeg({ quality: 90, mozjpeg: false }).toBuffer();
}

/** The prompt's words at the lower left, the mark at the lower right, on a shadow that keeps them readable. */
function caption(prompt: string, { width, height }: Frame): string {
  const unit = Math.min(width, height);
  const margin = unit * 0.045;
  const letters = unit * 0.0185;
  const mark = "SANDBOX";
  const markWidth = widthOf(mark, letters * 0.82);
  const pad = letters * 0.75;
  const box = { width: markWidth + 2 * pad, height: letters * 0.82 + 2 * pad * 0.85 };
  const x = width - margin - box.width;
  const y = height - margin - box.height;
  const room = Math.floor((x - 2 * margin) / (letters * 0.9));
  return [
    `<linearGradient id="scrim" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#0b0a0d" stop-opacity="0"/><stop offset="1" stop-color="#0b0a0d" stop-opacity=".6"/></linearGradient>`,
    `<rect y="${height - unit * 0.2}" width="${width}" height="${unit * 0.2}" fill="url(#scrim)"/>`,
    lettering(
      captionOf(prompt, Math.min(48, room)),
      margin,
      y + (box.height - letters) / 2,
      letters,
      "#fffaf2",
    ),
    `<rect x="${x}" y="${y}" width="${box.width}" height="${box.height}" rx="${box.height / 2}" fill="#0b0a0d" fill-opacity=".38" stroke="#fffaf2" stroke-opacity=".55" stroke-width="${unit * 0.0013}"/>`,
    lettering(mark, x + pad, y + (box.height - letters * 0.82) / 2, letters * 0.82, "#fffaf2", 0.9),
  ].join("");
}

/** Up to four references as prints with a white border, fanned around the middle. */
async function layOut(references: readonly Uint8Array[], { width, height }: Frame): Promise<string> {
  const shown = references.slice(0, 4);
  if (shown.length === 0) return "";
  const longest = Math.min(width, height) * (shown.length === 1 ? 0.52 : 0.36);
  const prints = await Promise.all(shown.map((bytes) => printOf(bytes, Math.round(longest))));
  return prints
    .map(({ href, width: w, height: h }, i) => {
      const offset = i - (shown.length - 1) / 2;
      const x = width / 2 + offset * longest * 0.62;
      const y = height * 0.46 + Math.abs(offset) * longest * 0.06;
      const border = longest * 0.035;
      const frame = `x="${-w / 2 - border}" y="${-h / 2 - border}" width="${w + 2 * border}" height="${h + 2 * border}"`;
      const shadows = [5, 3, 1.5].map(
        (grow) =>
          `<rect ${frame} transform="translate(0 ${border * 0.5})" rx="4" fill="none" stroke="#000" stroke-opacity=".1" stroke-width="${border * grow * 0.4}"/>`,
      );
      return `<g transform="translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${(offset * 5 - 2).toFixed(2)})">${shadows.join("")}<rect ${frame} fill="#fdfbf7"/><image x="${-w / 2}" y="${-h / 2}" width="${w}" height="${h}" href="${href}"/></g>`;
    })
    .join("");
}

/** @throws {UnreadableReference} before a picture is promised that cannot be drawn. */
export async function checkReferences(references: readonly Uint8Array[]): Promise<void> {
  await Promise.all(references.map((bytes) => printOf(bytes, 16)));
}

async function printOf(bytes: Uint8Array, edge: number) {
  try {
    const { data, info } = await sharp(bytes, { limitInputPixels: MAX_REFERENCE_PIXELS })
      .rotate()
      .resize(edge, edge, { fit: "inside" })
      .png()
      .toBuffer({ resolveWithObject: true });
    return {
      href: `data:image/png;base64,${data.toString("base64")}`,
      width: info.width,
      height: info.height,
    };
  } catch {
    throw new UnreadableReference("The reference cannot be read as an image");
  }
}
