import type { Asked } from "./behaviours.ts";
import type { Commission } from "./queued-orders.ts";

/** A finding as fal's models report it. */
export type Finding = { readonly loc: readonly string[]; readonly msg: string; readonly type: string };

/** A request that the model answers with 422 and these findings. */
export class Unprocessable extends Error {
  override readonly name = "fal.unprocessable";
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    super("The input is not valid");
    this.findings = findings;
  }
}

type Endpoint = {
  readonly family: "banana" | "kontext" | "flux-2";
  readonly images: "none" | "one" | "many";
};

/** The endpoints that there are, with the field that each takes its references in. */
export function endpointOf(path: string): Endpoint | undefined {
  const banana = /^fal-ai\/nano-banana(?:-(?:2|2\.1|pro|lite))?(\/edit)?$/.exec(path);
  if (banana) return { family: "banana", images: banana[1] ? "many" : "none" };
  const kontext = /^fal-ai\/flux-pro\/kontext(?:\/max)?(\/text-to-image|\/multi)?$/.exec(path);
  if (kontext) {
    const images = kontext[1] === "/multi" ? "many" : kontext[1] ? "none" : "one";
    return { family: "kontext", images };
  }
  const flux2 = /^fal-ai\/flux-2-(?:pro|max|flex)(\/edit)?$/.exec(path);
  return flux2 ? { family: "flux-2", images: flux2[1] ? "many" : "none" } : undefined;
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

const RATIOS = ["21:9", "16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16"];
const SCALES: Readonly<Record<string, 1 | 2 | 4>> = { "1K": 1, "2K": 2, "4K": 4 };

/** @throws {Unprocessable} with every finding at once. Unknown fields pass, as they do there. */
export function commissionOf(model: string, { family, images }: Endpoint, body: unknown): Commission {
  const findings: Finding[] = [];
  const find = (field: string, msg: string, type: string) =>
    findings.push({ loc: ["body", field], msg, type });
  const given = fields(body);
  const { prompt, aspect_ratio = "1:1", resolution = "1K", output_format = "png", seed } = given;

  if (prompt === undefined) find("prompt", "Field required", "missing");
  else if (typeof prompt !== "string" || prompt === "")
    find("prompt", "Input should be a string of 1 character or more", "string_type");
  const ratios = family === "banana" ? [...RATIOS, "4:5", "5:4", "auto"] : [...RATIOS, "9:21"];
  if (!ratios.includes(String(aspect_ratio))) find("aspect_ratio", "Input should be a known ratio", "one_of");
  if (!Object.hasOwn(SCALES, String(resolution)))
    find("resolution", "Input should be '1K', '2K' or '4K'", "one_of");
  if (!["png", "jpeg"].includes(String(output_format)))
    find("output_format", "Input should be 'png' or 'jpeg'", "one_of");
  if (seed !== undefined && seed !== null && !Number.isInteger(seed))
    find("seed", "Input should be a valid integer", "int_parsing");
  const size = family === "flux-2" ? flux2Size(given.image_size, find) : null;
  const references = referencesOf(given, images, find);

  if (findings.length > 0) throw new Unprocessable(findings);
  return {
    ...askedOf(model, body),
    aspectRatio: size?.aspectRatio ?? String(aspect_ratio).replace("auto", "1:1"),
    scale: size?.scale ?? SCALES[String(resolution)] ?? 1,
    format: output_format === "jpeg" ? "jpeg" : "png",
    references,
  };
}

type Find = (field: string, msg: string, type: string) => void;

/** FLUX.2 is asked for in pixels: from 256 to 2,048, in sixteens. */
function flux2Size(value: unknown, find: Find): { aspectRatio: string; scale: 1 | 2 } | null {
  if (value === undefined) return null;
  const { width, height } = fields(value);
  const isEdge = (edge: unknown) =>
    Number.isInteger(edge) &&
    (edge as number) >= 256 &&
    (edge as number) <= 3_072 &&
    (edge as number) % 16 === 0;
  if (!isEdge(width) || !isEdge(height) || Number(width) * Number(height) > 4_194_304) {
    find("image_size", "Input should be at most four megapixels, in sixteens", "image_size");
    return null;
  }
  const scale = Number(width) * Number(height) > 2_000_000 ? 2 : 1;
  return { aspectRatio: `${width}:${height}`, scale };
}

function referencesOf(given: Record<string, unknown>, images: Endpoint["images"], find: Find): Buffer[] {
  if (images === "none") return [];
  const field = images === "one" ? "image_url" : "image_urls";
  const value = given[field];
  const addresses = images === "one" ? [value] : Array.isArray(value) ? value : [];
  if (value === undefined || addresses.length === 0) {
    find(field, "Field required", "missing");
    return [];
  }
  return addresses.map((address) => {
    const data = /^data:image\/\w+;base64,([A-Za-z0-9+/]+={0,2})$/.exec(String(address))?.[1];
    if (data === undefined) find(field, "Failed to download the file", "file_download_error");
    return Buffer.from(data ?? "", "base64");
  });
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
