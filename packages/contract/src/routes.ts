import { z } from "zod";
import { Health } from "./health.ts";
import { ModelList } from "./models.ts";
import type { RouteSpec } from "./route-spec.ts";
import { CREDIT_ROUTES } from "./routes/credits.ts";
import { GENERATION_ROUTES } from "./routes/generations.ts";
import { PROMPT_ROUTES } from "./routes/prompts.ts";
import { SHARE_ROUTES } from "./routes/shares.ts";
import { STATUS_ROUTES } from "./routes/status.ts";

/** The HTTP surface, by the names of its operations. */
export const ROUTES = {
  getHealth: {
    method: "GET",
    path: "/api/health",
    summary: "Whether every part that is needed answers; 503 with the same body when one does not",
    auth: "none",
    status: 200,
    answer: Health,
    refusals: [],
  },
  listModels: {
    method: "GET",
    path: "/api/models",
    summary: "What can be asked for, and what it costs",
    auth: "none",
    status: 200,
    answer: ModelList,
    refusals: [],
  },
  getOpenApi: {
    method: "GET",
    path: "/api/openapi.json",
    summary: "This document",
    auth: "none",
    status: 200,
    answer: z.record(z.string(), z.unknown()),
    refusals: [],
  },
  ...CREDIT_ROUTES,
  ...GENERATION_ROUTES,
  ...PROMPT_ROUTES,
  ...SHARE_ROUTES,
  ...STATUS_ROUTES,
} as const satisfies Record<string, RouteSpec>;

export type Operation = keyof typeof ROUTES;
