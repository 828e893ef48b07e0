export type { Claim } from "./claims.ts";
export type { AuditFinding, Grant, Hold, HoldState } from "./credits.ts";
export * as Credits from "./credits.ts";
