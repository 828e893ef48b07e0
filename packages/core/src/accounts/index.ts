export * as Accounts from "./accounts.ts";
