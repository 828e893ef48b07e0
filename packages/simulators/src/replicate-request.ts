import type { Asked } from "./behaviours.ts";
import type { Commission } from "./queued-orders.ts";

export const REPLICATE_MODELS = [
  "google/nano-banana",
  "google/nano-banana-2",
  "google/nano-banana-2.1",
  "google/nano-banana-pro",
  "black-forest-labs/flux-kontext-pro",
  "black-forest-labs/flux-kontext-max",
  "black-forest-labs/flux-2-pro",
  "black-forest-labs/flux-2-max",
  "black-forest-labs/flux-2-flex",
];

/** A field that is wrong, as a 422 lists it. */
export type InvalidField = { readonly type: string; readonly field: string; readonly description: string };

/** A request that Replicate answers with 422 and these fields. */
export class InputInvalid extends Error {
  override readonly name = "replicate.input_invalid";
  readonly fields: readonly InvalidField[];

  constructor(fields: readonly InvalidField[]) {
    super("The input is not valid");
    this.fields = fields;
  }
}

/** Scripts match invalid requests too. */
export function askedOf(model: string, body: unknown): Asked {
  const { prompt, seed } = inputOf(body);
  return {
    model,
    prompt: typeof prompt === "string" ? prompt : "",
    seed: typeof seed === "number" ? seed : undefined,
  };
}

const RATIOS = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9"];
const WIDE_RATIOS = [...RATIOS, "21:9"];
const SCALES: Readonly<Record<string, 1 | 2 | 4>> = {
  "1K": 1,
  "2K": 2,
  "4K": 4,
  "1 MP": 1,
  "2 MP": 1,
  "4 MP": 2,
};

/**
 * `files` are those that were laid down before, by address.
 * @throws {InputInvalid} with every field at once. Unknown fields pass, as they do there.
 */
export function commissionOf(model: string, body: unknown, files: ReadonlyMap<string, Buffer>): Commission {
  const invalid: InvalidField[] = [];
  const find = (field: string, description: string) =>
    invalid.push({ type: "invalid", field: `input.${field}`, description });
  const given = inputOf(body);
  const { prompt, aspect_ratio = "1:1", resolution, output_format = "png", seed } = given;
  const isFlux2 = model.includes("/flux-2-");

  if (typeof prompt !== "string")
    find("prompt", prompt === undefined ? "prompt is required" : "Invalid type. Expected: string");
  if (!(isFlux2 ? RATIOS : WIDE_RATIOS).includes(String(aspect_ratio)))
    find("aspect_ratio", "aspect_ratio must be one of the ratios that the model draws");
  const sizes = isFlux2 ? ["1 MP", "2 MP", "4 MP"] : ["1K", "2K", "4K"];
  if (resolution !== undefined && !sizes.includes(String(resolution)))
    find("resolution", `resolution must be one of ${sizes.join(", ")}`);
  if (!["png", "jpg"].includes(String(output_format)))
    find("output_format", "output_format must be one of jpg, png");
  if (seed !== undefined && !Number.isInteger(seed)) find("seed", "Invalid type. Expected: integer");
  const references = imagesOf(model, given).map((address) => {
    const file = files.get(String(address));
    if (file) return file;
    const data = /^data:image\/\w+;base64,([A-Za-z0-9+/]+={0,2})$/.exec(String(address))?.[1];
    if (data === undefined) find("image_input", "Does not match format 'uri'");
    return Buffer.from(data ?? "", "base64");
  });

  if (invalid.length > 0) throw new InputInvalid(invalid);
  return {
    ...askedOf(model, body),
    aspectRatio: String(aspect_ratio),
    scale: SCALES[String(resolution)] ?? 1,
    format: output_format === "jpg" ? "jpeg" : "png",
    references,
  };
}

/** Every family has its own name for them. */
function imagesOf(model: string, given: Record<string, unknown>): readonly unknown[] {
  if (model.includes("/flux-kontext-")) return given.input_image === undefined ? [] : [given.input_image];
  const images = model.includes("/flux-2-") ? given.input_images : given.image_input;
  return Array.isArray(images) ? images : [];
}

const inputOf = (body: unknown) => fields(fields(body).input);

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
