import sharp from "sharp";

/** What a chat model was asked, whichever provider was. */
export type Question = {
  readonly model: string;
  readonly text: string;
  readonly image: Buffer | null;
  readonly schema: unknown;
};

/** A schema that no provider's strict mode takes. */
export class InvalidSchema extends Error {
  override readonly name = "invalid_json_schema";
}

type Schema = { type?: unknown; properties?: unknown; required?: unknown; additionalProperties?: unknown };

/**
 * An object in the schema's shape. It knows what the fields of prompts are for, and reads colours off the picture, so
 * that what is seen of it in the studio makes sense.
 * @throws {InvalidSchema}
 */
export async function answerFor({ text, image, schema }: Question): Promise<object> {
  const { type, properties, required, additionalProperties } = (schema ?? {}) as Schema;
  const fields = Object.entries((properties ?? {}) as Record<string, { type?: unknown }>);
  if (type !== "object" || fields.length === 0) throw new InvalidSchema("The schema must be of an object.");
  if (additionalProperties !== false)
    throw new InvalidSchema("'additionalProperties' is required to be supplied and to be false.");
  const names = fields.map(([name]) => name);
  if (!Array.isArray(required) || names.some((name) => !required.includes(name)))
    throw new InvalidSchema("'required' must include every key in properties.");
  const seen = image ? await look(image) : null;
  return Object.fromEntries(fields.map(([name, field]) => [name, valueFor(name, field.type, text, seen)]));
}

type Seen = { readonly form: string; readonly colours: string[] };

function valueFor(name: string, type: unknown, text: string, seen: Seen | null): unknown {
  if (name === "palette" && type === "array") return seen?.colours ?? [];
  if (type === "array") return seen ? [seen.form, "picture", "simulated"] : words(text).slice(0, 5);
  if (type !== "string") throw new InvalidSchema(`The simulator has no ${String(type)} to say.`);
  if (seen) return `A ${seen.form} picture in ${seen.colours.join(" and ")}, soft even light, fine detail`;
  return `${promptIn(text)}, soft morning light, shallow depth of field, fine detail`;
}

/** The prompt alone, where it was handed over as JSON. */
function promptIn(text: string): string {
  try {
    const { prompt } = JSON.parse(text) as { prompt?: unknown };
    return typeof prompt === "string" ? prompt : text;
  } catch {
    return text;
  }
}

const words = (text: string) => text.toLowerCase().match(/\p{L}{3,}/gu) ?? [];

async function look(image: Buffer): Promise<Seen> {
  const { width, height } = await sharp(image).metadata();
  const { data } = await sharp(image)
    .resize(2, 1, { fit: "fill", kernel: "nearest" })
    .removeAlpha()
    .raw()
    .toBuffer({
      resolveWithObject: true,
    });
  const colours = [0, 3].map((at) => `#${data.subarray(at, at + 3).toString("hex")}`);
  return { form: width > height ? "wide" : width < height ? "tall" : "square", colours };
}
