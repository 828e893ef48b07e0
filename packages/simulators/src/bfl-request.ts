import type { Asked } from "./behaviours.ts";
import type { Frame } from "./pictures/landscape.ts";
import { sizeOf } from "./pictures/size.ts";

/** What an order asks for, once it is found to be valid. */
export type Commission = Asked & {
  readonly size: Frame;
  readonly format: "png" | "jpeg";
  readonly references: readonly Uint8Array[];
};

type Model = {
  /** Credits (cents): of an image, of its first megapixel, of each further one and of each reference. */
  readonly price: { readonly first: number; readonly further: number };
  readonly references: number;
  readonly maxTolerance: number;
  /** Whether it is asked for pixels, or for a ratio. */
  readonly isSized: boolean;
};
const kontext = (first: number): Model => ({
  price: { first, further: 0 },
  references: 4,
  maxTolerance: 6,
  isSized: false,
});
const flux2 = (first: number, further: number): Model => ({
  price: { first, further },
  references: 8,
  maxTolerance: 5,
  isSized: true,
});

const MODELS: Readonly<Record<string, Model>> = {
  "flux-kontext-pro": kontext(4),
  "flux-kontext-max": kontext(8),
  "flux-2-pro": flux2(3, 1.5),
  "flux-2-max": flux2(7, 3),
};
export const BFL_MODELS = Object.keys(MODELS);

export const megapixelsOf = ({ width, height }: Frame) => Math.max(1, Math.round((width * height) / 1e6));

/** Credits for an order. */
export function costOf({ model, size, references }: Commission): number {
  const { first, further } = (MODELS[model] ?? kontext(0)).price;
  return first + further * (megapixelsOf(size) - 1 + references.length);
}

/** A finding as FastAPI reports it. */
export type Finding = { readonly loc: readonly string[]; readonly msg: string; readonly type: string };

/** A request that BFL answers with 422 and these findings. */
export class Unprocessable extends Error {
  override readonly name = "bfl.unprocessable";
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super("The body is not valid");
    this.findings = findings;
  }
}

/** Scripts match invalid requests too. */
export function askedOf(model: string, body: unknown): Asked {
  const { prompt, seed } = fields(body);
  return {
    model,
    prompt: typeof prompt === "string" ? prompt : "",
    seed: typeof seed === "number" ? seed : undefined,
  };
}

type Find = (field: string, msg: string, type: string) => void;

/** @throws {Unprocessable} with every finding at once. Unknown fields pass, as they do there. */
export function commissionOf(name: string, body: unknown): Commission {
  const findings: Finding[] = [];
  const find: Find = (field, msg, type) => findings.push({ loc: ["body", field], msg, type });
  if (body === undefined)
    throw new Unprocessable([{ loc: ["body", "0"], msg: "JSON decode error", type: "json_invalid" }]);
  const given = fields(body);
  const model = MODELS[name] ?? kontext(0);
  const { prompt, output_format = "png", seed, safety_tolerance: tolerance = 2 } = given;

  if (prompt === undefined) find("prompt", "Field required", "missing");
  else if (typeof prompt !== "string") find("prompt", "Input should be a valid string", "string_type");
  const size = model.isSized ? pixelsOf(given, find) : shapeOf(given, find);
  if (output_format !== "png" && output_format !== "jpeg")
    find("output_format", "Input should be 'jpeg' or 'png'", "enum");
  if (seed !== undefined && seed !== null && !Number.isInteger(seed))
    find("seed", "Input should be a valid integer", "int_type");
  if (!Number.isInteger(tolerance) || Number(tolerance) < 0 || Number(tolerance) > model.maxTolerance)
    find("safety_tolerance", `Input should be at most ${model.maxTolerance}`, "less_than_equal");
  const references = referencesOf(given, model, find);

  if (findings.length > 0) throw new Unprocessable(findings);
  const format = output_format === "jpeg" ? "jpeg" : "png";
  return { ...askedOf(name, body), size, format, references };
}

/** About a megapixel of the ratio that is asked for. */
function shapeOf({ aspect_ratio = "1:1" }: Record<string, unknown>, find: Find): Frame {
  if (typeof aspect_ratio === "string" && isRatio(aspect_ratio)) return sizeOf(aspect_ratio);
  find("aspect_ratio", "Value error, aspect ratio must be between 21:9 and 9:21", "value_error");
  return sizeOf("1:1");
}

const MAX_PIXELS = 4_194_304;

function pixelsOf({ width = 1_024, height = 1_024 }: Record<string, unknown>, find: Find): Frame {
  for (const [field, edge] of Object.entries({ width, height }))
    if (!Number.isInteger(edge) || Number(edge) < 64 || Number(edge) % 16 !== 0)
      find(field, "Input should be a multiple of 16, and at least 64", "value_error");
  const size = { width: Number(width), height: Number(height) };
  if (size.width * size.height > MAX_PIXELS) find("width", "Value error, at most 4 MP", "value_error");
  return size;
}

function referencesOf(given: Record<string, unknown>, { references }: Model, find: Find): Uint8Array[] {
  const names = Array.from({ length: references }, (_, i) =>
    i === 0 ? "input_image" : `input_image_${i + 1}`,
  );
  return names.flatMap((field) => {
    const value = given[field];
    if (value === undefined || value === null) return [];
    if (typeof value === "string" && /^[A-Za-z0-9+/]+={0,2}$/.test(value))
      return [Buffer.from(value, "base64")];
    find(field, "Value error, not a valid base64 image", "value_error");
    return [];
  });
}

function isRatio(text: string): boolean {
  const [, across, down] = /^(\d{1,2}):(\d{1,2})$/.exec(text) ?? [];
  const ratio = Number(across) / Number(down);
  return ratio >= 9 / 21 && ratio <= 21 / 9;
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
