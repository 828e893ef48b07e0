import { randomBytes } from "node:crypto";
import { connect } from "@imgpilot/core/db";
import postgres from "postgres";
import { afterAll, beforeAll, inject } from "vitest";
import "./postgres-server.ts"; // declares what is injected

export type TestDatabase = {
  /** A pool with the application's rights, as the Lambdas have. */
  readonly db: ReturnType<typeof connect>;
  readonly url: string;
  /** The owner of the schema, for what the application may not do: planting corruption, moving time. */
  readonly owner: postgres.Sql;
  readonly ownerUrl: string;
};

/** A database of its own for one test file: a clone of the migrated template. Call it at the top of the file. */
export function freshDatabase(options: { connections?: number } = {}): TestDatabase {
  let opened: TestDatabase | undefined;
  let drop = async () => {};

  beforeAll(async () => {
    const { ownerUrl, template, login } = inject("postgres");
    const name = `imgpilot_test_${randomBytes(6).toString("hex")}`;
    const admin = postgres(ownerUrl, { max: 1, onnotice: () => {} });
    await admin.unsafe(`create database ${name} template ${template}`);
    const own = at(ownerUrl, name);
    const url = at(ownerUrl, name, login);
    const max = options.connections ?? 10;
    const db = connect(url, { max });
    const owner = postgres(own, { max, prepare: false, onnotice: () => {} });
    opened = { db, url, owner, ownerUrl: own };
    drop = async () => {
      await Promise.all([db.$client.end({ timeout: 5 }), owner.end({ timeout: 5 })]);
      await admin.unsafe(`drop database ${name} with (force)`);
      await admin.end();
    };
  });
  afterAll(() => drop());

  const ready = (): TestDatabase => {
    if (!opened) throw new Error("The database is there once tests run, not while they are collected");
    return opened;
  };
  return {
    get db() {
      return ready().db;
    },
    get url() {
      return ready().url;
    },
    get owner() {
      return ready().owner;
    },
    get ownerUrl() {
      return ready().ownerUrl;
    },
  };
}

function at(url: string, database: string, login?: { user: string; password: string }): string {
  const there = new URL(url);
  there.pathname = `/${database}`;
  if (login) Object.assign(there, { username: login.user, password: login.password });
  return there.href;
}
