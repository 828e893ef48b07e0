/** What a stored image is. */
export type Picture = {
  readonly contentType: "image/png" | "image/jpeg" | "image/webp";
  readonly width: number;
  readonly height: number;
};

export type Marking = { readonly model: string; readonly madeAt: Date };

/** Decoding, marking and resizing. Every method throws `NotAnImage` for bytes that are not a usable picture. */
export type ImageTools = {
  /** Fully decodes, with a limit on pixels (no bombs), and says what it is. Throws `NotAnImage`. */
  readonly inspect: (bytes: Uint8Array) => Promise<Picture>;
  /** The same picture with its AI marking (C6: XMP DigitalSourceType trainedAlgorithmicMedia, model, date). */
  readonly mark: (bytes: Uint8Array, marking: Marking) => Promise<Uint8Array>;
  /** A marked WebP whose longer edge is at most `edge` pixels; never larger than the original. */
  readonly thumbnail: (bytes: Uint8Array, edge: 320 | 1024, marking: Marking) => Promise<Uint8Array>;
  /** A JPEG without metadata whose longer edge is at most `edge` pixels, to be shown to others: never stored. */
  readonly reduced: (bytes: Uint8Array, edge: number) => Promise<Uint8Array>;
};

/** The bytes are not a picture we can keep: another format, truncated, or too many pixels. */
export class NotAnImage extends Error {
  override readonly name = "image.invalid";
}
