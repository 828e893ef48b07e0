import { crc32, deflateSync } from "node:zlib";

/** The picture as a behaviour of that name spoils it; every other behaviour leaves it as it is. */
export function spoiled(picture: Buffer, behaviour: string): Buffer {
  if (behaviour === "not-an-image") return notAnImage();
  if (behaviour === "truncated") return truncated(picture);
  if (behaviour === "bomb") return bomb();
  return behaviour === "huge" ? huge() : picture;
}

/** Text, where a picture was promised. */
const notAnImage = (): Buffer => Buffer.from("This is not a picture, whatever its type says.\n".repeat(40));

/** A picture whose end was lost. */
export const truncated = (picture: Buffer): Buffer => picture.subarray(0, Math.floor(picture.length / 2));

/** Zeros behind a PNG's signature: more than anyone should read. */
function huge(): Buffer {
  const bytes = Buffer.alloc(44_000_000);
  PNG_SIGNATURE.copy(bytes);
  return bytes;
}

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const BOMB_EDGE = 20_000;
let bombBytes: Buffer | undefined;

/** A valid PNG of 50 KB that is 400 megapixels when it is decoded. */
function bomb(): Buffer {
  if (bombBytes) return bombBytes;
  const header = Buffer.alloc(13);
  header.writeUInt32BE(BOMB_EDGE, 0);
  header.writeUInt32BE(BOMB_EDGE, 4);
  // One bit per pixel, greyscale.
  header[8] = 1;
  const rows = Buffer.alloc((BOMB_EDGE / 8 + 1) * BOMB_EDGE);
  const chunks = [chunk("IHDR", header), chunk("IDAT", deflateSync(rows)), chunk("IEND", Buffer.alloc(0))];
  bombBytes = Buffer.concat([PNG_SIGNATURE, ...chunks]);
  return bombBytes;
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "ascii"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}
