import { crc32 } from "node:zlib";
import { NotAnImage } from "@imgpilot/core/images/image-tools";

const SIGNATURE_BYTES = 8;
const KEYWORD = "XML:com.adobe.xmp";

/** The PNG with this XMP packet in an `iTXt` chunk, in place of any other. Every other chunk is kept byte for byte. */
export function putXmpInPng(bytes: Buffer, packet: string): Buffer {
  const [header, ...rest] = chunksOf(bytes);
  if (!header || typeOf(header) !== "IHDR" || typeOf(rest.at(-1) ?? header) !== "IEND") {
    throw new NotAnImage("a PNG without beginning or end");
  }
  const kept = rest.filter((chunk) => !isXmp(chunk));
  return Buffer.concat([bytes.subarray(0, SIGNATURE_BYTES), header, xmpChunk(packet), ...kept]);
}

/** Whole chunks: length, type, data, checksum. What follows `IEND` is no part of the picture. */
function chunksOf(bytes: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = SIGNATURE_BYTES; at + 12 <= bytes.length; ) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new NotAnImage("a PNG that ends within a chunk");
    const chunk = bytes.subarray(at, end);
    chunks.push(chunk);
    if (typeOf(chunk) === "IEND") break;
    at = end;
  }
  return chunks;
}

const typeOf = (chunk: Buffer) => chunk.toString("latin1", 4, 8);

/** `iTXt` is what the XMP specification asks for; libvips is among those that write `zTXt`. */
const isXmp = (chunk: Buffer) =>
  ["iTXt", "zTXt", "tEXt"].includes(typeOf(chunk)) &&
  chunk.toString("latin1", 8, 8 + KEYWORD.length + 1) === `${KEYWORD}\0`;

function xmpChunk(packet: string): Buffer {
  // After the keyword: not compressed, no language, no translated keyword, as the XMP specification asks.
  const body = Buffer.from(`iTXt${KEYWORD}\0\0\0\0\0${packet}`, "utf8");
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), chunk.length - 4);
  return chunk;
}
