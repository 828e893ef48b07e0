import type { DrawRequest } from "@imgpilot/core/generations/provider";
import { type Call, providerError } from "./errors.ts";
import { sizeWithin } from "./size.ts";

/**
 * What an order of BFL's says. Kontext and FLUX.2 have the same words but for the size: Kontext takes a ratio and
 * answers with about a megapixel, FLUX.2 takes pixels.
 * @throws {ProviderError} `invalid_input` for what the model cannot be asked for, before anything is sent.
 */
export function bflBodyOf(call: Call, request: DrawRequest): Readonly<Record<string, unknown>> {
  const { upstream, prompt, seed, references } = request;
  const isFlux2 = upstream.startsWith("flux-2-");
  if (references.length > (isFlux2 ? MAX_FLUX_2_REFERENCES : MAX_KONTEXT_REFERENCES))
    throw providerError(call, "invalid_input");
  const images = references.map(({ bytes }, i) => [
    i === 0 ? "input_image" : `input_image_${i + 1}`,
    Buffer.from(bytes).toString("base64"),
  ]);
  return {
    prompt,
    ...(isFlux2 ? flux2Size(call, request) : kontextSize(call, request)),
    output_format: "png",
    ...(seed === undefined ? {} : { seed }),
    ...Object.fromEntries(images),
  };
}

/** Documented: `input_image`, and three more that are called experimental. */
const MAX_KONTEXT_REFERENCES = 4;
/** `input_image` to `input_image_8`. */
const MAX_FLUX_2_REFERENCES = 8;
/** FLUX.2 draws up to four megapixels. */
const FLUX_2_PIXELS = { "1K": 1_024 ** 2, "2K": 4_000_000 } as const;

function kontextSize(call: Call, { aspectRatio, resolution }: DrawRequest) {
  if (resolution !== "1K") throw providerError(call, "invalid_input");
  return { aspect_ratio: aspectRatio };
}

function flux2Size(call: Call, { aspectRatio, resolution }: DrawRequest) {
  if (resolution === "4K") throw providerError(call, "invalid_input");
  return sizeWithin(aspectRatio, { pixels: FLUX_2_PIXELS[resolution] });
}
