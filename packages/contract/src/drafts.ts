import { z } from "zod";
import { Prompt } from "./generations.ts";

/** For how long a draft is kept. */
export const DRAFT_MINUTES = 60;

export const CreateDraft = z.strictObject({ prompt: Prompt });
export type CreateDraft = z.output<typeof CreateDraft>;

export const KeptDraft = z.object({ id: z.string(), expiresAt: z.iso.datetime() });
export type KeptDraft = z.output<typeof KeptDraft>;

export const Draft = z.object({ prompt: z.string() });
export type Draft = z.output<typeof Draft>;
