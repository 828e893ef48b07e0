import type { Asked } from "./behaviours.ts";

/** What a generateContent call asks for, once it is found to be valid. */
export type Drawing = Asked & {
  readonly aspectRatio: string;
  readonly imageSize: "1K" | "2K" | "4K";
  readonly references: readonly Uint8Array[];
};

/** A request that Google answers with 400 INVALID_ARGUMENT and this message. */
export class InvalidArgument extends Error {
  override readonly name = "INVALID_ARGUMENT";
}

const RATIOS = ["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"];
const LONG_RATIOS = ["1:4", "4:1", "1:8", "8:1"];
type Model = { readonly ratios: readonly string[]; readonly sizes: readonly string[] };
const SIZES = ["1K", "2K", "4K"];

/** The image models that answer, and what each can be asked for. */
export const GOOGLE_MODELS: Readonly<Record<string, Model>> = {
  "gemini-nano-banana-2.1": { ratios: [...RATIOS, ...LONG_RATIOS], sizes: SIZES },
  "gemini-3-pro-image": { ratios: RATIOS, sizes: SIZES },
  "gemini-3.1-flash-lite-image": { ratios: RATIOS, sizes: ["1K"] },
  "gemini-2.5-flash-image": { ratios: RATIOS, sizes: ["1K"] },
};

/** The prompt and the seed, wherever they can be made out: scripts match invalid requests too. */
export function askedOf(model: string, body: unknown): Asked {
  const { contents, generationConfig } = fields(body);
  const texts = list(contents).flatMap((content) =>
    list(fields(content).parts).map((part) => fields(part).text),
  );
  const { seed } = fields(generationConfig);
  const prompt = texts.filter((text) => typeof text === "string").join("\n");
  return { prompt, model, seed: typeof seed === "number" ? seed : undefined };
}

/** @throws {InvalidArgument} */
export function drawingOf(model: string, body: unknown): Drawing {
  if (body === undefined)
    throw new InvalidArgument("Invalid JSON payload received. Expected an object key or }.");
  onlyKnows(
    body,
    ["contents", "generationConfig", "safetySettings", "systemInstruction", "tools", "toolConfig"],
    "",
  );
  const { contents, generationConfig = {} } = fields(body);
  if (list(contents).length === 0)
    throw new InvalidArgument("* GenerateContentRequest.contents: contents is not specified");
  onlyKnows(generationConfig, CONFIG, "generation_config");
  const { imageConfig = {}, seed, responseModalities } = fields(generationConfig);
  onlyKnows(imageConfig, ["aspectRatio", "imageSize"], "generation_config.image_config");
  if (seed !== undefined && !Number.isInteger(seed))
    throw new InvalidArgument("Invalid value at 'generation_config.seed' (TYPE_INT32)");
  if (responseModalities !== undefined && !list(responseModalities).includes("IMAGE"))
    throw new InvalidArgument(
      "The requested combination of response modalities (TEXT) is not supported by the model.",
    );

  const { ratios, sizes } = GOOGLE_MODELS[model] ?? { ratios: RATIOS, sizes: SIZES };
  const { aspectRatio = "1:1", imageSize = "1K" } = fields(imageConfig);
  if (typeof aspectRatio !== "string" || !ratios.includes(aspectRatio))
    throw new InvalidArgument(`aspect_ratio must be one of the following: ${ratios.join(", ")}`);
  if (typeof imageSize !== "string" || !sizes.includes(imageSize))
    throw new InvalidArgument(`image_size must be one of the following: ${sizes.join(", ")}`);

  const parts = list(contents).flatMap((content) => list(fields(content).parts));
  const references = parts.flatMap((part) => inlineOf(part));
  const asked = askedOf(model, body);
  if (!asked.prompt.trim() && references.length === 0)
    throw new InvalidArgument("Unable to submit request because it must have a text parameter.");
  return { ...asked, aspectRatio, imageSize: imageSize as Drawing["imageSize"], references };
}

const CONFIG = [
  "responseModalities",
  "imageConfig",
  "seed",
  "temperature",
  "topP",
  "topK",
  "candidateCount",
  "maxOutputTokens",
  "stopSequences",
  "thinkingConfig",
];

function onlyKnows(value: unknown, known: readonly string[], at: string): void {
  const unknown = Object.keys(fields(value)).find((key) => !known.includes(key));
  if (unknown)
    throw new InvalidArgument(
      `Invalid JSON payload received. Unknown name "${unknown}"${at ? ` at '${at}'` : ""}: Cannot find field.`,
    );
}

function inlineOf(part: unknown): Uint8Array[] {
  const { inlineData, fileData } = fields(part);
  if (fileData !== undefined) throw new InvalidArgument("Cannot fetch content from the provided URL.");
  if (inlineData === undefined) return [];
  const { mimeType, data } = fields(inlineData);
  if (typeof mimeType !== "string" || !/^image\/(png|jpeg|webp|heic|heif)$/.test(mimeType))
    throw new InvalidArgument(`Unsupported MIME type: ${mimeType}`);
  if (typeof data !== "string" || !/^[A-Za-z0-9+/]+={0,2}$/.test(data))
    throw new InvalidArgument(
      "Invalid value at 'contents[0].parts[1].inline_data.data' (TYPE_BYTES), Base64 decoding failed",
    );
  return [Buffer.from(data, "base64")];
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
