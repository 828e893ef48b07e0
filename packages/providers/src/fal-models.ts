import type { AspectRatio } from "@imgpilot/contract/catalogue";
import type { DrawRequest } from "@imgpilot/core/generations/provider";
import { dataUrlOf } from "./data-url.ts";
import { type Call, providerError } from "./errors.ts";
import { sizeWithin } from "./size.ts";

/** An endpoint of fal's and the input it takes (fal.ai/models/<endpoint>/api, read in November 2026). */
export type FalOrder = { readonly endpoint: string; readonly input: Readonly<Record<string, unknown>> };

/**
 * Where an order goes, and in which words: fal has one endpoint for drawing and another for editing, and each family of
 * models its own names. `upstream` is the model's own endpoint, `fal-ai/nano-banana-pro`.
 * @throws {ProviderError} `invalid_input` for what the model cannot be asked for, before anything is sent.
 */
export function falOrderOf(call: Call, request: DrawRequest): FalOrder {
  const { upstream } = request;
  if (/^fal-ai\/nano-banana(-[\w.]+)?$/.test(upstream)) return nanoBanana(call, request);
  if (/^fal-ai\/flux-pro\/kontext(\/max)?$/.test(upstream)) return kontext(call, request);
  if (/^fal-ai\/flux-2-\w+$/.test(upstream)) return flux2(call, request);
  throw providerError(call, "model_gone", { reason: "unknown_endpoint", maybeBilled: false });
}

const MAX_NANO_BANANA_REFERENCES = 14;
/** The models of the first generation draw one size and have no word for it. */
const HAS_RESOLUTION = /-(?:2|2\.1|pro)$/;

function nanoBanana(call: Call, request: DrawRequest): FalOrder {
  const { upstream, resolution, references, aspectRatio } = request;
  const isSized = HAS_RESOLUTION.test(upstream);
  refuseIf(call, (!isSized && resolution !== "1K") || references.length > MAX_NANO_BANANA_REFERENCES);
  return {
    endpoint: references.length > 0 ? `${upstream}/edit` : upstream,
    input: {
      ...common(request),
      aspect_ratio: aspectRatio,
      ...(isSized ? { resolution } : {}),
      ...imageUrls(request),
    },
  };
}

const MAX_KONTEXT_REFERENCES = 4;
const KONTEXT_RATIOS: readonly AspectRatio[] = ["1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9"];

/** Kontext's plain endpoint edits one picture; drawing from nothing and from several are endpoints below it. */
function kontext(call: Call, request: DrawRequest): FalOrder {
  const { upstream, resolution, references, aspectRatio } = request;
  refuseIf(call, resolution !== "1K" || references.length > MAX_KONTEXT_REFERENCES);
  refuseIf(call, !KONTEXT_RATIOS.includes(aspectRatio));
  const [first, second] = references;
  const input = { ...common(request), aspect_ratio: aspectRatio };
  if (!first) return { endpoint: `${upstream}/text-to-image`, input };
  if (!second) return { endpoint: upstream, input: { ...input, image_url: dataUrlOf(first) } };
  return { endpoint: `${upstream}/multi`, input: { ...input, ...imageUrls(request) } };
}

const MAX_FLUX_2_REFERENCES = 8;
const FLUX_2_PIXELS = { "1K": 1_024 ** 2, "2K": 4_000_000, "4K": null } as const;

function flux2(call: Call, request: DrawRequest): FalOrder {
  const { upstream, resolution, references, aspectRatio } = request;
  const pixels = FLUX_2_PIXELS[resolution];
  if (!pixels || references.length > MAX_FLUX_2_REFERENCES)
    throw providerError(call, "invalid_input", { maybeBilled: false });
  return {
    endpoint: references.length > 0 ? `${upstream}/edit` : upstream,
    input: { ...common(request), image_size: sizeWithin(aspectRatio, { pixels }), ...imageUrls(request) },
  };
}

const common = ({ prompt, seed, upstream }: DrawRequest) => ({
  prompt,
  output_format: "png",
  // FLUX.2's endpoints draw one picture and have no number of them.
  ...(upstream.startsWith("fal-ai/flux-2-") ? {} : { num_images: 1 }),
  ...(seed === undefined ? {} : { seed }),
});

const imageUrls = ({ references }: DrawRequest) =>
  references.length > 0 ? { image_urls: references.map(dataUrlOf) } : {};

function refuseIf(call: Call, isBeyond: boolean): void {
  if (isBeyond) throw providerError(call, "invalid_input", { maybeBilled: false });
}
