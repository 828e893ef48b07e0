import { parseArgs } from "node:util";
import { ASPECT_RATIOS, findModel, MODELS, QUALITIES, RESOLUTIONS } from "@imgpilot/contract/catalogue";
import { FALLBACKS, MAX_IMAGES } from "@imgpilot/contract/generations";

/** What was typed after `npm run generate --`. */
export type Wish = {
  readonly prompt: string;
  readonly model: string;
  readonly count: number;
  readonly aspectRatio: string;
  readonly resolution: string;
  readonly quality: string | undefined;
  readonly fallback: string;
  readonly seed: number | undefined;
  readonly references: readonly string[];
  readonly out: string;
  readonly as: string;
};

export const DEMO_EMAIL = "demo@imgpilot.test";

export const USAGE = `npm run generate -- "a red fox in snow" [options]

  --model M        ${MODELS.map((model) => model.id).join(" | ")}
  --count N        1 to ${MAX_IMAGES} images (1)
  --ratio R        ${ASPECT_RATIOS.join(" ")} (1:1)
  --resolution S   ${RESOLUTIONS.join(" ")} (1K)
  --quality Q      ${QUALITIES.join(" ")}, of models that know them (the model's usual one)
  --reference F    an image to start from; may be given several times
  --seed N         the same seed asks for the same picture
  --fallback F     ${FALLBACKS.join(" | ")} (same-model)
  --out DIR        where the images go (./out)
  --as EMAIL       the account that pays (${DEMO_EMAIL})

Exit codes: 0 all images delivered, 1 refused or failed, 2 wrong use.`;

/** Wrong use: told with the usage, exit code 2. */
export class WrongUse extends Error {}

/** @throws {WrongUse} */
export function readArguments(args: readonly string[]): Wish | "help" {
  const { values, positionals } = parse(args);
  if (values.help) return "help";
  if (positionals.length !== 1 || !positionals[0]?.trim())
    throw new WrongUse(positionals.length > 1 ? "Put the prompt in quotes." : "What should it show?");
  const model = values.model ?? "nano-banana-2.1";
  if (!findModel(model)) throw new WrongUse(`There is no model "${model}".`);
  return {
    prompt: positionals[0],
    model,
    count: whole("--count", values.count ?? "1"),
    aspectRatio: values.ratio ?? "1:1",
    resolution: values.resolution ?? "1K",
    quality: values.quality,
    fallback: values.fallback ?? "same-model",
    seed: values.seed === undefined ? undefined : whole("--seed", values.seed),
    references: values.reference ?? [],
    out: values.out ?? "./out",
    as: values.as ?? DEMO_EMAIL,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        model: { type: "string" },
        count: { type: "string" },
        ratio: { type: "string" },
        resolution: { type: "string" },
        quality: { type: "string" },
        reference: { type: "string", multiple: true },
        seed: { type: "string" },
        fallback: { type: "string" },
        out: { type: "string" },
        as: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new WrongUse((error as Error).message);
  }
}

function whole(name: string, value: string): number {
  if (!/^\d{1,10}$/.test(value)) throw new WrongUse(`${name} must be a whole number, not "${value}".`);
  return Number(value);
}
