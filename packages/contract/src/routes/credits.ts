import { Balance, ListEntries, Statement } from "../credits.ts";
import type { RouteSpec } from "../route-spec.ts";

/** What a person has, and the books that say why. */
export const CREDIT_ROUTES = {
  getCredits: {
    method: "GET",
    path: "/api/credits",
    summary: "The person's credits, soonest to expire first",
    auth: "person",
    status: 200,
    answer: Balance,
    refusals: [],
  },
  listEntries: {
    method: "GET",
    path: "/api/credits/entries",
    summary:
      "Every movement of the person's credits: pages, newest first, or a hash-chained download, oldest first",
    auth: "person",
    query: ListEntries,
    status: 200,
    answer: Statement,
    downloads: ["application/jsonl", "text/csv"],
    refusals: [],
  },
} as const satisfies Record<string, RouteSpec>;
