import { NotAnImage, type Picture } from "@imgpilot/core/images/image-tools";

const XMP_FLAG = 0x04;
const ALPHA_FLAG = 0x10;

/**
 * The WebP with this XMP packet in its `XMP ` chunk, in place of any other. A simple file becomes an extended one (`VP8X`),
 * which alone may carry metadata; the compressed picture and every other chunk are kept byte for byte.
 */
export function putXmpInWebp(bytes: Buffer, packet: string, size: Pick<Picture, "width" | "height">): Buffer {
  const chunks = chunksOf(bytes);
  const first = chunks[0];
  if (!first) throw new NotAnImage("a WebP without a picture");
  const extended = typeOf(first) === "VP8X" ? Buffer.from(first) : extendedHeader(first, size);
  extended[8] = (extended[8] ?? 0) | XMP_FLAG;
  const kept = chunks.filter((chunk) => typeOf(chunk) !== "VP8X" && typeOf(chunk) !== "XMP ");
  const body = Buffer.concat([extended, ...kept, chunkOf("XMP ", Buffer.from(packet, "utf8"))]);
  const head = Buffer.alloc(12);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(body.length + 4, 4);
  head.write("WEBP", 8, "latin1");
  return Buffer.concat([head, body]);
}

/** Whole chunks: type, length, data, padding to an even length. */
function chunksOf(bytes: Buffer): Buffer[] {
  const end = 8 + bytes.readUInt32LE(4);
  if (end > bytes.length) throw new NotAnImage("a WebP that ends early");
  const chunks: Buffer[] = [];
  for (let at = 12; at + 8 <= end; ) {
    const length = bytes.readUInt32LE(at + 4);
    const next = at + 8 + length;
    if (next > end) throw new NotAnImage("a WebP that ends within a chunk");
    chunks.push(chunkOf(typeOf(bytes.subarray(at)), bytes.subarray(at + 8, next)));
    at = next + (length % 2);
  }
  return chunks;
}

const typeOf = (chunk: Buffer) => chunk.toString("latin1", 0, 4);

function chunkOf(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(8 + data.length + (data.length % 2));
  chunk.write(type, 0, "latin1");
  chunk.writeUInt32LE(data.length, 4);
  data.copy(chunk, 8);
  return chunk;
}

function extendedHeader(picture: Buffer, { width, height }: Pick<Picture, "width" | "height">): Buffer {
  // Lossless data says in bit 28 of its header whether transparency is used; simple lossy data has none.
  const usesAlpha = typeOf(picture) === "VP8L" && ((picture[8 + 4] ?? 0) & 0x10) !== 0;
  const data = Buffer.alloc(10);
  data[0] = usesAlpha ? ALPHA_FLAG : 0;
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return chunkOf("VP8X", data);
}
