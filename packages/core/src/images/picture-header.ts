import type { Picture } from "./image-tools.ts";

/** More than this is a bomb, or at least nothing that a provider takes as a reference. */
const MAX_PIXELS = 100_000_000;

/**
 * What the first bytes say the picture is: format and size. Null where they are not the header of a PNG, JPEG or WebP
 * with a sensible size. Cheap enough for a request; whether the rest decodes is the provider's to say.
 */
export function readHeader(bytes: Uint8Array): Picture | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const picture = png(view) ?? webp(view) ?? jpeg(view);
  if (!picture || picture.width < 1 || picture.height < 1) return null;
  return picture.width * picture.height <= MAX_PIXELS ? picture : null;
}

const ascii = (view: DataView, at: number, word: string): boolean =>
  at + word.length <= view.byteLength &&
  [...word].every((char, i) => view.getUint8(at + i) === char.charCodeAt(0));

function png(view: DataView): Picture | null {
  if (view.byteLength < 24 || view.getUint32(0) !== 0x89504e47 || view.getUint32(4) !== 0x0d0a1a0a)
    return null;
  if (!ascii(view, 12, "IHDR")) return null;
  return { contentType: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

function webp(view: DataView): Picture | null {
  if (view.byteLength < 30 || !ascii(view, 0, "RIFF") || !ascii(view, 8, "WEBP")) return null;
  const of = (width: number, height: number): Picture => ({ contentType: "image/webp", width, height });
  const uint24 = (at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
  if (ascii(view, 12, "VP8X")) return of(uint24(24) + 1, uint24(27) + 1);
  if (ascii(view, 12, "VP8L") && view.getUint8(20) === 0x2f) {
    const bits = view.getUint32(21, true);
    return of((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
  }
  if (ascii(view, 12, "VP8 ") && view.getUint16(23) === 0x9d01)
    return of(view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff);
  return null;
}

/** Walks the segments to the frame header; those without one (SOI, TEM, RST) carry no length. */
function jpeg(view: DataView): Picture | null {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (isFrame(marker))
      return { contentType: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    else if (marker === 0xd9 || marker === 0xda) return null;
    else at += marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8) ? 2 : 2 + view.getUint16(at + 2);
  }
  return null;
}

/** SOF0 to SOF15, without the tables that share their range (DHT, JPG, DAC). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
