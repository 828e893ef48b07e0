import { bigint, jsonb, pgTable, smallint, text, timestamp } from "drizzle-orm/pg-core";

/** The tables of migrations/0001_credits.sql, for reading. They are written by the verbs alone. */

/** Credits fit a number by far: the most that one grant may be is checked where it is given. */
const credits = (name: string) => bigint(name, { mode: "number" }).notNull().default(0);
const time = (name: string) => timestamp(name, { withTimezone: true });

export const creditAccount = pgTable("credit_account", {
  accountId: text("account_id").primaryKey(),
  debt: credits("debt"),
  createdAt: time("created_at").notNull().defaultNow(),
});

export const creditGrant = pgTable("credit_grant", {
  id: text("id").primaryKey(),
  accountId: text("account_id").notNull(),
  source: text("source").notNull(),
  sourceRef: text("source_ref").notNull(),
  category: text("category", { enum: ["promo", "paid"] }).notNull(),
  amount: credits("amount"),
  remaining: credits("remaining"),
  held: credits("held"),
  consumed: credits("consumed"),
  expired: credits("expired"),
  revoked: credits("revoked"),
  revokePending: credits("revoke_pending"),
  priority: smallint("priority").notNull().default(50),
  effectiveAt: time("effective_at").notNull().defaultNow(),
  /** `infinity` is no Date: select it through `nullif`. */
  expiresAt: time("expires_at").notNull().defaultNow(),
  exhaustedAt: time("exhausted_at"),
  createdAt: time("created_at").notNull().defaultNow(),
});

export const creditHold = pgTable("credit_hold", {
  id: text("id").primaryKey(),
  accountId: text("account_id").notNull(),
  amount: bigint("amount", { mode: "number" }).notNull(),
  charged: credits("charged"),
  returned: credits("returned"),
  state: text("state", { enum: ["held", "committed", "refunded", "expired", "denied"] }).notNull(),
  requestHash: text("request_hash"),
  grantId: text("grant_id"),
  expiresAt: time("expires_at"),
  createdAt: time("created_at").notNull().defaultNow(),
  resolvedAt: time("resolved_at"),
  resolvedBy: text("resolved_by"),
});

export const creditTransfer = pgTable("credit_transfer", {
  id: bigint("id", { mode: "number" }).primaryKey().generatedAlwaysAsIdentity(),
  accountId: text("account_id").notNull(),
  grantId: text("grant_id").notNull(),
  holdId: text("hold_id"),
  kind: text("kind", {
    enum: [
      "grant",
      "repay",
      "reserve",
      "commit",
      "refund",
      "expire",
      "revoke",
      "owe",
      "reinstate",
      "withdraw",
      "adjust",
    ],
  }).notNull(),
  fromBucket: text("from_bucket").notNull(),
  toBucket: text("to_bucket").notNull(),
  amount: bigint("amount", { mode: "number" }).notNull(),
  actor: text("actor"),
  meta: jsonb("meta"),
  createdAt: time("created_at").notNull().defaultNow(),
  /** See migrations/0001_credits_chain.sql. */
  chain: text("chain").notNull(),
});
