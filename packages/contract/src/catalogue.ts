import { FLUX } from "./catalogue/bfl.ts";
import { NANO_BANANA } from "./catalogue/google.ts";
import { GPT_IMAGE } from "./catalogue/openai.ts";
import { GROK_IMAGINE } from "./catalogue/xai.ts";
import type { Model } from "./model.ts";

export * from "./model.ts";

/** What can be asked for, in the order in which it is offered, and in which other models stand in (`any-model`). */
export const MODELS: readonly Model[] = [...NANO_BANANA, ...FLUX, ...GPT_IMAGE, ...GROK_IMAGINE];

export const findModel = (id: string): Model | undefined => MODELS.find((model) => model.id === id);

/** USD micros that a credit is sold for at least. Plans and packs may not go below it: prices are made with it. */
export const LOWEST_CREDIT_MICROS = 10_000;

/** What a new account is given once. */
export const WELCOME_CREDITS = 20;
