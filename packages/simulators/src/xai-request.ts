import type { Asked } from "./behaviours.ts";

/** What a call of `images/generations` or `images/edits` asks for, once it is found to be valid. */
export type ImageOrder = Asked & {
  readonly aspectRatio: string;
  readonly resolution: keyof typeof SCALES;
  readonly quality: "low" | "medium";
  readonly count: number;
  readonly isInline: boolean;
  readonly references: readonly Uint8Array[];
};

/** A request that xAI answers with 400 and this message. */
export class InvalidRequest extends Error {
  override readonly name = "xai.invalid";
}

/** The image models that answer, with the tick prices (10^10 to the dollar) of an image by resolution; a low quality costs half. */
export const XAI_MODELS: Readonly<Record<string, Readonly<Record<keyof typeof SCALES, number>>>> = {
  "grok-imagine-image": { "1k": 200_000_000, "1.5k": 200_000_000, "2k": 200_000_000 },
  "grok-imagine-image-2.0": { "1k": 400_000_000, "1.5k": 600_000_000, "2k": 800_000_000 },
  "grok-imagine-image-quality": { "1k": 500_000_000, "1.5k": 600_000_000, "2k": 700_000_000 },
};

/** Edges, in thousands of pixels. */
export const SCALES = { "1k": 1, "1.5k": 1.5, "2k": 2 } as const;

const RATIOS = [
  ...["1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2", "9:19.5", "19.5:9", "9:20", "20:9"],
  ...["1:2", "2:1", "21:9", "5:2", "auto"],
];
const KNOWN = [
  ...["model", "prompt", "n", "aspect_ratio", "resolution", "quality", "response_format", "user"],
  ...["image", "images"],
];

/** Scripts match invalid requests too. These models take no seed. */
export function askedOf(body: unknown): Asked {
  const { prompt, model } = fields(body);
  return {
    prompt: typeof prompt === "string" ? prompt : "",
    model: typeof model === "string" ? model : "",
    seed: undefined,
  };
}

/** `isEdit`: of `images/edits`, which needs a picture, and at most three. @throws {InvalidRequest} */
export function imageOrderOf(body: unknown, isEdit: boolean): ImageOrder {
  const given = fields(body);
  const unsupported = Object.keys(given).find((name) => !KNOWN.includes(name));
  if (unsupported) throw new InvalidRequest(`Argument not supported: ${unsupported}`);
  const { prompt, n = 1, aspect_ratio = "auto", resolution = "1k", quality = "medium" } = given;
  const { response_format = "url" } = given;
  if (typeof prompt !== "string" || !prompt) throw new InvalidRequest("prompt must not be empty");
  if (!Number.isInteger(n) || Number(n) < 1 || Number(n) > 10)
    throw new InvalidRequest("n must be between 1 and 10");
  if (typeof aspect_ratio !== "string" || !RATIOS.includes(aspect_ratio))
    throw new InvalidRequest(`Invalid aspect ratio: ${aspect_ratio}`);
  if (quality !== "low" && quality !== "medium") throw new InvalidRequest(`Invalid quality: ${quality}`);
  if (response_format !== "url" && response_format !== "b64_json")
    throw new InvalidRequest(`Invalid response format: ${response_format}`);
  return {
    ...askedOf(body),
    aspectRatio: aspect_ratio === "auto" ? "1:1" : aspect_ratio,
    resolution: scaleOf(resolution),
    quality,
    count: Number(n),
    isInline: response_format === "b64_json",
    references: isEdit ? referencesOf(given) : [],
  };
}

function scaleOf(resolution: unknown): keyof typeof SCALES {
  const known = Object.keys(SCALES).find((one) => one === resolution);
  if (!known) throw new InvalidRequest(`Invalid resolution: ${resolution}`);
  return known as keyof typeof SCALES;
}

const MAX_REFERENCES = 3;
const MAX_REFERENCE_BYTES = 10 * 1_024 ** 2;

function referencesOf({ image, images }: Record<string, unknown>): Uint8Array[] {
  const given = image === undefined ? (Array.isArray(images) ? images : []) : [image];
  if (given.length === 0) throw new InvalidRequest("image or images must be given");
  if (given.length > MAX_REFERENCES) throw new InvalidRequest("At most 3 images are supported");
  return given.map((one) => {
    const data = /^data:image\/(?:png|jpeg|webp);base64,([A-Za-z0-9+/]+={0,2})$/.exec(
      String(fields(one).url),
    )?.[1];
    if (!data) throw new InvalidRequest("Failed to fetch image from the given url");
    const bytes = Buffer.from(data, "base64");
    if (bytes.byteLength > MAX_REFERENCE_BYTES) throw new InvalidRequest("Image exceeds 10 MiB");
    return bytes;
  });
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
