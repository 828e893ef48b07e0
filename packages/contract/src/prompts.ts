import { z } from "zod";
import { Prompt } from "./generations.ts";

/** `expand` adds what a picture needs and a short prompt leaves out; `improve` says the same better. */
export const HELP_MODES = ["expand", "improve"] as const;

/** `POST /api/prompts/improve`. The model is the one that the prompt is for. */
export const ImprovePrompt = z.strictObject({
  prompt: Prompt,
  model: z.string().regex(/^[0-9A-Za-z._-]{1,64}$/),
  mode: z.enum(HELP_MODES),
});
export type ImprovePrompt = z.output<typeof ImprovePrompt>;

/** A proposal, and never more: the person's prompt stays what it is until they take it. */
export const Proposal = z.strictObject({ proposal: Prompt });
export type Proposal = z.output<typeof Proposal>;

/** Whom a described prompt is for; `tags-only` wants none. */
export const DESCRIBE_MODES = ["general", "flux", "nano-banana", "gpt-image", "tags-only"] as const;
export type DescribeMode = (typeof DESCRIBE_MODES)[number];

/** `POST /api/prompts/describe`: a picture that was uploaded, or one that we are to fetch. */
export const DescribeImage = z.strictObject({
  image: z.union([
    z.strictObject({ upload: z.string().regex(/^[0-9A-Za-z_-]{1,64}$/) }),
    z.strictObject({ url: z.url({ protocol: /^https$/ }).max(2_048) }),
  ]),
  mode: z.enum(DESCRIBE_MODES).default("general"),
});
export type DescribeImage = z.output<typeof DescribeImage>;

export const TAGS_MAX = 20;
export const PALETTE_MAX = 8;

const Tag = z.string().trim().min(1).max(64);
const Colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i)
  .toLowerCase();

/** What a picture shows. The prompt is null for `tags-only`; the palette goes from the most seen colour to the least. */
export const Description = z.strictObject({
  prompt: Prompt.nullable(),
  tags: z.array(Tag).max(TAGS_MAX),
  palette: z.array(Colour).max(PALETTE_MAX),
});
export type Description = z.output<typeof Description>;
