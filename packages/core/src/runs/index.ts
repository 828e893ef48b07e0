export { HOLD_SECONDS, MAX_ATTEMPTS, START_SECONDS } from "./limits.ts";
export * as Runs from "./runs.ts";
export type * from "./types.ts";
export type * from "./workflow.ts";
