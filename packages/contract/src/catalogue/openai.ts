import type { Model, Quality, Route } from "../model.ts";
import { COMMON, references, route } from "./common.ts";

/** About a megapixel is $0.006, $0.053, $0.211, and four are four times that. A cent more is for the words. */
const COSTS = {
  low: { "1K": 16_000, "2K": 34_000 },
  medium: { "1K": 63_000, "2K": 222_000 },
  high: { "1K": 221_000, "2K": 854_000 },
} as const;
const PRICES = {
  low: { "1K": 2, "2K": 4 },
  medium: { "1K": 7, "2K": 23 },
  high: { "1K": 23, "2K": 86 },
} as const;
/** Pictures that go in are read closely: some 2,500 tokens at $8 a million. */
const REFERENCE_COST = 20_000;

type Facts = Pick<Model, "id" | "name"> & { usual: Quality; upstream: string; successor?: string };

function gptImage({ id, name, usual, upstream, successor }: Facts): Model {
  const { [usual]: prices, ...others } = PRICES;
  const more = { referenceCost: REFERENCE_COST, ...(successor === undefined ? {} : { successor }) };
  const to = (quality: Quality): Route => route("openai", upstream, COSTS[quality], { quality, ...more });
  return {
    ...COMMON,
    id,
    name,
    maker: "OpenAI",
    prices,
    quality: { usual, prices: others },
    references: references(16, 10, 2),
    seed: false,
    routes: [to("low"), to("medium"), to("high")],
  };
}

export const GPT_IMAGE: readonly Model[] = [
  gptImage({
    id: "gpt-4o-image",
    name: "GPT-4o Image",
    usual: "medium",
    upstream: "gpt-image-2.6-flare",
    successor: "gpt-image-2",
  }),
  gptImage({
    id: "gpt-image-sunburst",
    name: "GPT Image Sunburst",
    usual: "high",
    upstream: "gpt-image-2.6-sunburst",
  }),
  gptImage({ id: "gpt-image-2", name: "GPT Image 2", usual: "medium", upstream: "gpt-image-2" }),
];
