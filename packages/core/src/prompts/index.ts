export { Unanswered } from "./ask.ts";
export * as Prompts from "./prompts.ts";
