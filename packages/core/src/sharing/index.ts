export * as Shares from "./shares.ts";
