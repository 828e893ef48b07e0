export * as Drafts from "./drafts.ts";
