import { DescribeImage, Description, ImprovePrompt, Proposal } from "../prompts.ts";
import type { RouteSpec } from "../route-spec.ts";

/** Help with prompts; free, so many times a day. */
export const PROMPT_ROUTES = {
  improvePrompt: {
    method: "POST",
    path: "/api/prompts/improve",
    summary: "Proposes a better or fuller prompt; it changes nothing",
    auth: "person",
    body: ImprovePrompt,
    status: 200,
    answer: Proposal,
    refusals: ["model.unknown", "prompt.blocked"],
  },
  describeImage: {
    method: "POST",
    path: "/api/prompts/describe",
    summary: "A prompt, tags and the palette for an uploaded picture, or for one at an address (promise F2)",
    auth: "person",
    body: DescribeImage,
    status: 200,
    answer: Description,
    refusals: ["reference.missing", "reference.invalid", "image.unfetchable", "prompt.blocked"],
  },
} as const satisfies Record<string, RouteSpec>;
