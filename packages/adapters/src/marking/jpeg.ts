import { NotAnImage } from "@imgpilot/core/images/image-tools";

const XMP_NAME = "http://ns.adobe.com/xap/1.0/\0";
const EXIF_NAME = "Exif\0\0";
const APP0 = 0xe0;
const APP1 = 0xe1;
const START_OF_SCAN = 0xda;

/** A segment's length field counts itself and is 16 bits wide. */
export const JPEG_XMP_MAX_BYTES = 65_535 - 2 - XMP_NAME.length;

/**
 * The JPEG with this XMP packet in an `APP1` segment, in place of any other. The compressed picture and every other segment
 * (EXIF, ICC, C2PA in `APP11`) are kept byte for byte: re-encoding would lose quality.
 */
export function putXmpInJpeg(bytes: Buffer, packet: string): Buffer {
  const { segments, scanAt } = headerOf(bytes);
  if (bytes.indexOf(Buffer.from([0xff, 0xd9]), scanAt) < 0) throw new NotAnImage("a JPEG without its end");
  const kept = segments.filter((segment) => !isNamed(segment, APP1, XMP_NAME));
  // JFIF and EXIF insist on coming first.
  const after = kept.findLastIndex((segment) => segment[1] === APP0 || isNamed(segment, APP1, EXIF_NAME)) + 1;
  const before = [bytes.subarray(0, 2), ...kept.slice(0, after)];
  return Buffer.concat([...before, xmpSegment(packet), ...kept.slice(after), bytes.subarray(scanAt)]);
}

/** The segments between the start of the image and its first scan. */
function headerOf(bytes: Buffer): { segments: Buffer[]; scanAt: number } {
  const segments: Buffer[] = [];
  for (let at = 2; at + 4 <= bytes.length; ) {
    if (bytes[at] !== 0xff) break;
    const marker = bytes[at + 1] ?? 0;
    if (marker === START_OF_SCAN) return { segments, scanAt: at };
    if (marker === 0xff) {
      at += 1; // A fill byte.
      continue;
    }
    const end = at + 2 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) break;
    segments.push(bytes.subarray(at, end));
    at = end;
  }
  throw new NotAnImage("a JPEG without a scan");
}

const isNamed = (segment: Buffer, marker: number, name: string) =>
  segment[1] === marker && segment.toString("latin1", 4, 4 + name.length) === name;

function xmpSegment(packet: string): Buffer {
  const payload = Buffer.concat([Buffer.from(XMP_NAME, "latin1"), Buffer.from(packet, "utf8")]);
  const head = Buffer.from([0xff, APP1, 0, 0]);
  head.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([head, payload]);
}
