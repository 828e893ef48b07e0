import { boolean, integer, pgTable, text, timestamp } from "drizzle-orm/pg-core";

/** What migration 0003 made, under the names that Better Auth knows the columns by. */
const moment = (name: string) => timestamp(name, { withTimezone: true });
const made = { createdAt: moment("created_at").notNull(), updatedAt: moment("updated_at").notNull() };

const user = pgTable("auth_user", {
  id: text("id").primaryKey(),
  email: text("email").notNull().unique(),
  emailVerified: boolean("email_verified").notNull(),
  name: text("name").notNull(),
  image: text("image"),
  ageConfirmedAt: moment("age_confirmed_at"),
  ...made,
});

const session = pgTable("auth_session", {
  id: text("id").primaryKey(),
  token: text("token").notNull().unique(),
  userId: text("user_id").notNull(),
  expiresAt: moment("expires_at").notNull(),
  ipAddress: text("ip_address"),
  userAgent: text("user_agent"),
  ...made,
});

const account = pgTable("auth_identity", {
  id: text("id").primaryKey(),
  userId: text("user_id").notNull(),
  providerId: text("provider_id").notNull(),
  accountId: text("account_id").notNull(),
  accessToken: text("access_token"),
  refreshToken: text("refresh_token"),
  idToken: text("id_token"),
  accessTokenExpiresAt: moment("access_token_expires_at"),
  refreshTokenExpiresAt: moment("refresh_token_expires_at"),
  scope: text("scope"),
  ...made,
});

const verification = pgTable("auth_verification", {
  id: text("id").primaryKey(),
  identifier: text("identifier").notNull(),
  value: text("value").notNull(),
  expiresAt: moment("expires_at").notNull(),
  ...made,
});

const signIn = pgTable("auth_sign_in", {
  id: text("id").primaryKey(),
  email: text("email").notNull(),
  tokenHash: text("token_hash").notNull().unique(),
  codeHash: text("code_hash").notNull(),
  triesLeft: integer("tries_left").notNull(),
  ageConfirmed: boolean("age_confirmed").notNull(),
  returnPath: text("return_path").notNull(),
  createdAt: moment("created_at").notNull(),
  expiresAt: moment("expires_at").notNull(),
});

export const tables = { user, session, account, verification, signIn };
