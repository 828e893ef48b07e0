import { type ImageTools, type Marking, NotAnImage, type Picture } from "@imgpilot/core/images/image-tools";
import sharp, { type Metadata } from "sharp";
import { signatureOf } from "./image-signature.ts";
import { JPEG_XMP_MAX_BYTES, putXmpInJpeg } from "./marking/jpeg.ts";
import { putXmpInPng } from "./marking/png.ts";
import { putXmpInWebp } from "./marking/webp.ts";
import { markedPacket } from "./marking/xmp-packet.ts";

/** Above the largest picture that any model draws (4K at 21:9, 17 megapixels), far below what would fill a Lambda. */
const PIXELS_MAX = 40_000_000;
const THUMBNAIL_QUALITY = 82;
const REDUCED_QUALITY = 85;

/**
 * Decoding and resizing by sharp. Marking is done in the container, not by sharp: sharp would encode the picture anew,
 * which loses quality in JPEG and lossy WebP, and drops what else the provider sent (EXIF, ICC, C2PA). A C2PA signature
 * covers the whole file, so no change whatever can keep it valid; its manifest stays, to be read.
 */
export const sharpImageTools: ImageTools = {
  async inspect(bytes) {
    const { contentType, metadata } = await open(bytes);
    // Metadata is read from the header alone: decode all of it, in one channel to save memory, so that nothing hides.
    await decoded(() => decoder(bytes).removeAlpha().greyscale().raw().toBuffer());
    const { width, height } = metadata.autoOrient;
    return { contentType, width, height };
  },
  async mark(bytes, marking) {
    const { contentType, metadata } = await open(bytes);
    const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const packet = markedPacket(marking, metadata.xmpAsString ?? null);
    if (contentType === "image/png") return putXmpInPng(file, packet);
    if (contentType === "image/webp") return putXmpInWebp(file, packet, metadata);
    const fits = Buffer.byteLength(packet) <= JPEG_XMP_MAX_BYTES;
    return putXmpInJpeg(file, fits ? packet : markedPacket(marking, null));
  },
  async thumbnail(bytes, edge, marking: Marking) {
    await open(bytes);
    const thumbnail = decoder(bytes)
      .autoOrient()
      .resize({ width: edge, height: edge, fit: "inside", withoutEnlargement: true })
      .webp({ quality: THUMBNAIL_QUALITY })
      .withXmp(markedPacket(marking, null));
    return decoded(() => thumbnail.toBuffer());
  },
  async reduced(bytes, edge) {
    await open(bytes);
    const reduced = decoder(bytes)
      .autoOrient()
      .resize({ width: edge, height: edge, fit: "inside", withoutEnlargement: true })
      .flatten({ background: "#ffffff" })
      .jpeg({ quality: REDUCED_QUALITY });
    return decoded(() => reduced.toBuffer());
  },
};

const decoder = (bytes: Uint8Array) =>
  sharp(bytes, { limitInputPixels: PIXELS_MAX, sequentialRead: true, failOn: "error" });

/** What the header says, once it is known to be one still picture of a format that we keep. */
async function open(bytes: Uint8Array): Promise<{ contentType: Picture["contentType"]; metadata: Metadata }> {
  // Looked at before sharp does, so that no other decoder (SVG, GIF, PDF) ever sees bytes from outside.
  const contentType = signatureOf(bytes);
  if (!contentType) throw new NotAnImage("neither PNG, JPEG nor WebP");
  const metadata = await decoded(() => decoder(bytes).metadata());
  if (`image/${metadata.format}` !== contentType) throw new NotAnImage(`in truth a ${metadata.format}`);
  if (metadata.width * metadata.height > PIXELS_MAX) throw new NotAnImage("too many pixels");
  if ((metadata.pages ?? 1) > 1) throw new NotAnImage("an animation");
  return { contentType, metadata };
}

async function decoded<T>(decode: () => Promise<T>): Promise<T> {
  try {
    return await decode();
  } catch (error) {
    throw new NotAnImage(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
