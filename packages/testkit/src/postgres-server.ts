import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { migrate } from "@imgpilot/core/db/migrate";
import { startPostgres } from "@imgpilot/localcloud/services/postgres";
import { stopStaleServer } from "@imgpilot/localcloud/services/postgres-stale";
import postgres from "postgres";
import type { TestProject } from "vitest/node";

/** What each test file is told about the server: where it is, what to clone, and whom to connect as. */
export type TestPostgres = {
  readonly ownerUrl: string;
  readonly template: string;
  /** A login made for this run, with the application's rights and no more. */
  readonly login: { readonly user: string; readonly password: string };
};

declare module "vitest" {
  interface ProvidedContext {
    postgres: TestPostgres;
  }
}

const PREFIX = "imgpilot-test-postgres-";

/**
 * vitest's globalSetup: one real Postgres for the whole run, migrated once into a template. `TEST_DATABASE_URL`, an
 * owner's address on a server that is running, is used instead where it is set.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await removeLeftovers();
  const server = process.env.TEST_DATABASE_URL ? null : await ownServer();
  try {
    const prepared = await prepare(process.env.TEST_DATABASE_URL ?? server?.ownerUrl ?? "");
    project.provide("postgres", prepared.postgres);
    return async () => {
      await prepared.remove();
      await server?.remove();
    };
  } catch (error) {
    await server?.remove();
    throw error;
  }
}

async function prepare(ownerUrl: string): Promise<{ postgres: TestPostgres; remove: () => Promise<void> }> {
  const run = randomBytes(5).toString("hex");
  const template = `imgpilot_template_${run}`;
  const login = { user: `imgpilot_login_${run}`, password: randomBytes(18).toString("base64url") };
  const owner = postgres(ownerUrl, { max: 1, onnotice: () => {} });
  await owner.unsafe(`create database ${template}`);
  const url = new URL(ownerUrl);
  url.pathname = `/${template}`;
  await migrate(url.href);
  await owner.unsafe(`create role ${login.user} login password '${login.password}' in role imgpilot_app`);
  const remove = async () => {
    await owner.unsafe(`drop database if exists ${template}`);
    await owner.unsafe(`drop role ${login.user}`);
    await owner.end();
  };
  return { postgres: { ownerUrl, template, login }, remove };
}

async function ownServer() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), `${PREFIX}${process.pid}-`));
  const server = await startPostgres({ dir, durable: false, maxConnections: 300 });
  const remove = async () => {
    await server.stop();
    for (const folder of [server.home, dir]) fs.rmSync(folder, { recursive: true, force: true });
  };
  return { ownerUrl: server.ownerUrl, remove };
}

/** A run that was killed leaves its server and files behind; the next one clears them away. */
async function removeLeftovers(): Promise<void> {
  for (const name of fs.readdirSync(os.tmpdir())) {
    if (!name.startsWith(PREFIX) || isAlive(Number.parseInt(name.slice(PREFIX.length), 10))) continue;
    const dir = path.join(os.tmpdir(), name);
    await stopStaleServer(path.join(dir, "data"));
    fs.rmSync(dir, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
