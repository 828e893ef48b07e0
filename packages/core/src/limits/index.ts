export type { LimitRule, Limits, LimitVerdict } from "./limits.ts";
