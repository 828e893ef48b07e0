import type { Asked } from "./behaviours.ts";
import type { Frame } from "./pictures/landscape.ts";

/** What a call of `images/generations` or `images/edits` asks for, once it is found to be valid. */
export type ImageOrder = Asked & {
  readonly size: Frame;
  readonly quality: "low" | "medium" | "high";
  readonly format: "png" | "jpeg" | "webp";
  readonly count: number;
  readonly references: readonly Uint8Array[];
};

/** A request that OpenAI answers with 400 `invalid_request_error`, this message, parameter and code. */
export class InvalidRequest extends Error {
  override readonly name = "invalid_request_error";
  readonly param: string;
  readonly code: string;

  constructor(param: string, code: string, message: string) {
    super(message);
    this.param = param;
    this.code = code;
  }
}

/** The image models that answer. */
export const OPENAI_MODELS = ["gpt-image-2.6-flare", "gpt-image-2.6-sunburst", "gpt-image-2"];

const QUALITIES = ["low", "medium", "high", "auto"] as const;
const FORMATS = ["png", "jpeg", "webp"] as const;
/** What a model of this family takes. `style` and `response_format` are of the older ones, and refused. */
const KNOWN = [
  "model",
  "prompt",
  "n",
  "size",
  "quality",
  "background",
  "output_format",
  "output_compression",
  "moderation",
  "safety_identifier",
  "user",
  "stream",
];

type Fields = Readonly<Record<string, unknown>>;

/** Scripts match invalid requests too. These models take no seed. */
export function askedOf({ prompt, model }: Fields): Asked {
  return {
    prompt: typeof prompt === "string" ? prompt : "",
    model: typeof model === "string" ? model : "",
    seed: undefined,
  };
}

/** `fields` are those of the JSON, or of the form, without its files. @throws {InvalidRequest} the first fault found. */
export function imageOrderOf(fields: Fields, references: readonly Uint8Array[]): ImageOrder {
  const unknown = Object.keys(fields).find((name) => !KNOWN.includes(name));
  if (unknown) throw new InvalidRequest(unknown, "unknown_parameter", `Unknown parameter: '${unknown}'.`);
  if (fields.stream === true || fields.stream === "true")
    throw new InvalidRequest("stream", "unsupported_value", "This simulator does not stream.");
  const { prompt, n = 1, size = "auto", background = "auto", moderation = "auto" } = fields;
  if (typeof prompt !== "string" || !prompt)
    throw new InvalidRequest("prompt", "missing_required_parameter", "Missing required parameter: 'prompt'.");
  if (prompt.length > 32_000)
    throw new InvalidRequest("prompt", "string_above_max_length", "Invalid 'prompt': string too long.");
  const count = Number(n);
  if (!Number.isInteger(count) || count < 1 || count > 10)
    throw new InvalidRequest(
      "n",
      "integer_above_max_value",
      "Invalid 'n': expected an integer from 1 to 10.",
    );
  const quality = oneOf("quality", QUALITIES, fields.quality ?? "auto");
  oneOf("background", ["auto", "opaque", "transparent"], background);
  oneOf("moderation", ["auto", "low"], moderation);
  return {
    ...askedOf(fields),
    size: sizeOf(size),
    quality: quality === "auto" ? "high" : quality,
    format: oneOf("output_format", FORMATS, fields.output_format ?? "png"),
    count,
    references,
  };
}

function oneOf<const Value extends string>(param: string, values: readonly Value[], given: unknown): Value {
  const value = values.find((one) => one === given);
  if (value) return value;
  const supported = values.map((one) => `'${one}'`).join(", ");
  const message = `Invalid value: '${given}'. Supported values are: ${supported}.`;
  throw new InvalidRequest(param, "invalid_value", message);
}

/** Any size is drawn within these limits. */
const MIN_PIXELS = 655_360;
const MAX_PIXELS = 8_294_400;
const MAX_EDGE = 3_840;

function sizeOf(size: unknown): Frame {
  if (size === "auto") return { width: 1_024, height: 1_024 };
  const [, width = 0, height = 0] = (/^(\d+)x(\d+)$/.exec(String(size)) ?? []).map(Number);
  const pixels = width * height;
  const isDrawn =
    width % 16 === 0 &&
    height % 16 === 0 &&
    Math.max(width, height) <= MAX_EDGE &&
    pixels >= MIN_PIXELS &&
    pixels <= MAX_PIXELS &&
    Math.max(width / height, height / width) <= 3;
  if (isDrawn) return { width, height };
  throw new InvalidRequest("size", "invalid_value", `Invalid value: '${size}'. The size is not supported.`);
}

/** The pictures of an edit, from its form. @throws {InvalidRequest} */
export async function filesOf(form: FormData): Promise<Uint8Array[]> {
  const files = [...form.getAll("image[]"), ...form.getAll("image")];
  if (files.length === 0)
    throw new InvalidRequest("image", "missing_required_parameter", "Missing required parameter: 'image'.");
  if (files.length > 16)
    throw new InvalidRequest(
      "image",
      "array_above_max_length",
      "Invalid 'image': expected at most 16 files.",
    );
  return Promise.all(
    files.map(async (file, i) => {
      const type = typeof file === "string" ? "text/plain" : file.type;
      if (typeof file === "string" || !/^image\/(png|jpeg|webp)$/.test(type))
        throw new InvalidRequest(
          "image",
          "unsupported_file_mimetype",
          `Invalid file 'image[${i}]': unsupported mimetype ('${type}').`,
        );
      return new Uint8Array(await file.arrayBuffer());
    }),
  );
}
