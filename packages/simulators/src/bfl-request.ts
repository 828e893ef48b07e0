import type { Asked } from "./behaviours.ts";

/** What a Kontext order asks for, once it is found to be valid. */
export type Commission = Asked & {
  readonly aspectRatio: string;
  readonly format: "png" | "jpeg";
  readonly references: readonly Uint8Array[];
};

export const BFL_MODELS = ["flux-kontext-pro", "flux-kontext-max"];

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

const IMAGES = ["input_image", "input_image_2", "input_image_3", "input_image_4"];

/** @throws {Unprocessable} with every finding at once. Unknown fields pass, as they do there. */
export function commissionOf(model: string, body: unknown): Commission {
  const findings: Finding[] = [];
  const find = (field: string, msg: string, type: string) =>
    findings.push({ loc: ["body", field], msg, type });
  if (body === undefined)
    throw new Unprocessable([{ loc: ["body", "0"], msg: "JSON decode error", type: "json_invalid" }]);
  const given = fields(body);
  const { prompt, aspect_ratio = "1:1", output_format = "png", seed, safety_tolerance = 2 } = given;

  if (prompt === undefined) find("prompt", "Field required", "missing");
  else if (typeof prompt !== "string") find("prompt", "Input should be a valid string", "string_type");
  if (typeof aspect_ratio !== "string" || !isRatio(aspect_ratio))
    find("aspect_ratio", "Value error, aspect ratio must be between 21:9 and 9:21", "value_error");
  if (output_format !== "png" && output_format !== "jpeg")
    find("output_format", "Input should be 'jpeg' or 'png'", "enum");
  if (seed !== undefined && seed !== null && !Number.isInteger(seed))
    find("seed", "Input should be a valid integer", "int_type");
  if (
    !Number.isInteger(safety_tolerance) ||
    (safety_tolerance as number) < 0 ||
    (safety_tolerance as number) > 6
  )
    find("safety_tolerance", "Input should be less than or equal to 6", "less_than_equal");
  const references = IMAGES.flatMap((field) => {
    const value = given[field];
    if (value === undefined || value === null) return [];
    if (typeof value === "string" && /^[A-Za-z0-9+/]+={0,2}$/.test(value))
      return [Buffer.from(value, "base64")];
    find(field, "Value error, not a valid base64 image", "value_error");
    return [];
  });

  if (findings.length > 0) throw new Unprocessable(findings);
  const format = output_format === "jpeg" ? "jpeg" : "png";
  return { ...askedOf(model, body), aspectRatio: String(aspect_ratio), format, references };
}

function isRatio(text: string): boolean {
  const [, across, down] = /^(\d{1,2}):(\d{1,2})$/.exec(text) ?? [];
  const ratio = Number(across) / Number(down);
  return ratio >= 9 / 21 && ratio <= 21 / 9;
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
