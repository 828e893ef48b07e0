import type { RouteSpec } from "../route-spec.ts";
import { Status } from "../status.ts";

export const STATUS_ROUTES = {
  getStatus: {
    method: "GET",
    path: "/api/status",
    summary: "How the models and those who draw them have been doing; a minute old at most",
    auth: "none",
    status: 200,
    answer: Status,
    refusals: [],
  },
} as const satisfies Record<string, RouteSpec>;
