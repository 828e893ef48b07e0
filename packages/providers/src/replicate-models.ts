import type { DrawRequest } from "@imgpilot/core/generations/provider";
import { type Call, providerError } from "./errors.ts";

/** The input of a prediction, once its references have addresses. */
type InputOf = (images: readonly string[]) => Readonly<Record<string, unknown>>;

/**
 * The input of a model (replicate.com/<model>/api, read in November 2026): each family has its own names for the same.
 * `upstream` is the model, `black-forest-labs/flux-2-pro`.
 * @throws {ProviderError} `invalid_input` for what the model cannot be asked for, before anything is sent.
 */
export function replicateInputOf(call: Call, request: DrawRequest): InputOf {
  const { upstream } = request;
  if (/^google\/nano-banana(-[\w.]+)?$/.test(upstream)) return nanoBanana(call, request);
  if (/^black-forest-labs\/flux-kontext-(pro|max)$/.test(upstream)) return kontext(call, request);
  if (/^black-forest-labs\/flux-2-\w+$/.test(upstream)) return flux2(call, request);
  throw providerError(call, "model_gone", { reason: "unknown_model", maybeBilled: false });
}

const MAX_NANO_BANANA_REFERENCES = 14;
/** The models of the first generation draw one size and have no word for it. */
const HAS_RESOLUTION = /-(?:2|2\.1|pro)$/;

/** Takes no seed here. Google's own is at best an effort, so that an order with one is drawn all the same. */
function nanoBanana(
  call: Call,
  { upstream, prompt, aspectRatio, resolution, references }: DrawRequest,
): InputOf {
  const isSized = HAS_RESOLUTION.test(upstream);
  refuseIf(call, (!isSized && resolution !== "1K") || references.length > MAX_NANO_BANANA_REFERENCES);
  return (images) => ({
    prompt,
    aspect_ratio: aspectRatio,
    output_format: "png",
    ...(isSized ? { resolution } : {}),
    ...(images.length > 0 ? { image_input: images } : {}),
  });
}

function kontext(call: Call, { prompt, aspectRatio, resolution, seed, references }: DrawRequest): InputOf {
  refuseIf(call, resolution !== "1K" || references.length > 1);
  return ([image]) => ({
    prompt,
    aspect_ratio: aspectRatio,
    output_format: "png",
    ...(seed === undefined ? {} : { seed }),
    ...(image ? { input_image: image } : {}),
  });
}

const MAX_FLUX_2_REFERENCES = 8;
const MEGAPIXELS = { "1K": "1 MP", "2K": "4 MP", "4K": null } as const;

function flux2(call: Call, { prompt, aspectRatio, resolution, seed, references }: DrawRequest): InputOf {
  const megapixels = MEGAPIXELS[resolution];
  refuseIf(call, !megapixels || references.length > MAX_FLUX_2_REFERENCES || aspectRatio === "21:9");
  return (images) => ({
    prompt,
    aspect_ratio: aspectRatio,
    resolution: megapixels,
    output_format: "png",
    ...(seed === undefined ? {} : { seed }),
    ...(images.length > 0 ? { input_images: images } : {}),
  });
}

function refuseIf(call: Call, isBeyond: boolean): void {
  if (isBeyond) throw providerError(call, "invalid_input", { maybeBilled: false });
}
