import {
  bigint,
  doublePrecision,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
} from "drizzle-orm/pg-core";
import type { RunRoute } from "./types.ts";

/** The tables of migrations/0004_generations.sql, for reading. All but `upload` are written by the verbs alone. */

const time = (name: string) => timestamp(name, { withTimezone: true });
const count = (name: string) => bigint(name, { mode: "number" });

export const upload = pgTable("upload", {
  id: text("id").primaryKey(),
  accountId: text("account_id").notNull(),
  key: text("key").notNull(),
  contentType: text("content_type").notNull(),
  bytes: count("bytes").notNull(),
  sha256: text("sha256").notNull(),
  createdAt: time("created_at").notNull().defaultNow(),
});

export const generation = pgTable("generation", {
  id: text("id").primaryKey(),
  accountId: text("account_id").notNull(),
  state: text("state", {
    enum: ["queued", "running", "succeeded", "partial", "refused", "failed", "cancelled"],
  }).notNull(),
  model: text("model").notNull(),
  prompt: text("prompt").notNull(),
  aspectRatio: text("aspect_ratio").notNull(),
  resolution: text("resolution").notNull(),
  count: integer("count").notNull(),
  seed: integer("seed"),
  fallback: text("fallback", { enum: ["none", "same-model", "any-model"] }).notNull(),
  pricePerImage: count("price_per_image").notNull(),
  createdAt: time("created_at").notNull().defaultNow(),
  endedAt: time("ended_at"),
});

export const generationReference = pgTable(
  "generation_reference",
  {
    generationId: text("generation_id").notNull(),
    position: integer("position").notNull(),
    uploadId: text("upload_id").notNull(),
  },
  (t) => [primaryKey({ columns: [t.generationId, t.position] })],
);

export const run = pgTable("run", {
  id: text("id").primaryKey(),
  generationId: text("generation_id").notNull(),
  accountId: text("account_id").notNull(),
  n: integer("n").notNull(),
  images: integer("images").array().notNull(),
  pricePerImage: count("price_per_image").notNull(),
  routes: jsonb("routes").$type<RunRoute[]>().notNull(),
  requestHash: text("request_hash").notNull(),
  createdAt: time("created_at").notNull().defaultNow(),
  dispatchedAt: time("dispatched_at"),
  settledAt: time("settled_at"),
  settledBy: text("settled_by"),
  outcome: text("outcome", { enum: ["succeeded", "partial", "refused", "failed", "cancelled"] }),
  recorded: integer("recorded"),
  charged: count("charged"),
  returned: count("returned"),
  actor: text("actor"),
  reason: text("reason"),
  againKey: text("again_key"),
});

export const runAttempt = pgTable(
  "run_attempt",
  {
    runId: text("run_id").notNull(),
    image: integer("image").notNull(),
    n: integer("n").notNull(),
    provider: text("provider").notNull(),
    upstream: text("upstream").notNull(),
    product: text("product").notNull(),
    state: text("state", { enum: ["started", "waiting", "delivered", "failed", "unknown"] }).notNull(),
    errorKind: text("error_kind"),
    errorStage: text("error_stage"),
    errorReason: text("error_reason"),
    retryAfterSeconds: doublePrecision("retry_after_seconds"),
    handle: text("handle"),
    stagingKey: text("staging_key").notNull(),
    contentType: text("content_type"),
    providerRequestId: text("provider_request_id"),
    costMicros: count("cost_micros").notNull(),
    upperCostMicros: count("upper_cost_micros").notNull(),
    startedAt: time("started_at").notNull().defaultNow(),
    endedAt: time("ended_at"),
  },
  (t) => [primaryKey({ columns: [t.runId, t.image, t.n] })],
);
