import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type RunningPostgres, startPostgres } from "@imgpilot/localcloud/services/postgres";
import { anAccount, expectBalancedBooks } from "@imgpilot/testkit/books";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../db/index.ts";
import { migrate } from "../db/migrate.ts";
import type { Hold } from "./index.ts";
import { Credits } from "./index.ts";
import { reserveAndCommit } from "./pair.fixture.ts";

/**
 * Postgres is really gone for a while, in the middle of reserving and committing, on a durable server of this file's own.
 * The stop is shorter than the 60 s that the simulation plays in virtual time.
 */
const STOP_SECONDS = 3;
const CLIENTS = 8;
const dir = fs.mkdtempSync(path.join(os.tmpdir(), "imgpilot-outage-"));
let server: RunningPostgres;

beforeAll(async () => {
  server = await startPostgres({ dir });
  await migrate(server.ownerUrl);
});
afterAll(async () => {
  await server.stop();
  for (const folder of [server.home, dir]) fs.rmSync(folder, { recursive: true, force: true });
});

/** Clients that go on with the next hold when told how one ended, and with the same one, by the same id, until they are. */
function traffic(accounts: readonly string[]) {
  // The driver's own pause between connections grows to 20 s, which is scaled as the stop is.
  const db = connect(server.ownerUrl, { max: CLIENTS, connect_timeout: 2, backoff: () => 0.1 });
  const ended = new Map<string, string>();
  const unknown = new Set<string>();
  let isOver = false;
  const client = async (_: unknown, n: number) => {
    for (let i = 0; !isOver; i++) {
      const accountId = accounts[(n + i) % accounts.length] ?? "";
      const hold = { holdId: `${accounts[0]}-${n}-${i}`, accountId, amount: 1, requestHash: "same" };
      ended.set(hold.holdId, await untilTold(hold));
    }
  };
  const untilTold = async (hold: Hold): Promise<string> => {
    for (;;) {
      try {
        return await reserveAndCommit(db, hold);
      } catch {
        unknown.add(hold.holdId);
        await delay(50);
      }
    }
  };
  const clients = Promise.all(Array.from({ length: CLIENTS }, client));
  const finish = async () => {
    isOver = true;
    await clients;
    await db.$client.end({ timeout: 5 });
    return { ended, unknown };
  };
  const told = async (more: number) => {
    for (const enough = ended.size + more; ended.size < enough; ) await delay(10);
  };
  return { finish, told };
}

/** Everything that anybody was told is so, and what it was told of is all there is. */
async function expectNothingLost(accounts: readonly string[], ended: ReadonlyMap<string, string>) {
  const db = connect(server.ownerUrl, { max: 2 });
  try {
    expect(new Set(ended.values())).toEqual(new Set(["committed"]));
    const rows = await db.$client<{ id: string; state: string }[]>`
      select id, state from credit_hold where account_id = any (${[...accounts]})`;
    expect(new Map(rows.map(({ id, state }) => [id, state]))).toEqual(ended);
    const left = await Promise.all(accounts.map((accountId) => Credits.balance(db, accountId)));
    expect(left.reduce((sum, { available }) => sum + available, 0)).toBe(
      accounts.length * 100_000 - ended.size,
    );
    expect(left.map(({ held }) => held)).toEqual(accounts.map(() => 0));
    await expectBalancedBooks(db);
  } finally {
    await db.$client.end();
  }
}

async function someAccounts(): Promise<string[]> {
  const db = connect(server.ownerUrl, { max: 2 });
  const accounts = await Promise.all([1, 2, 3].map(() => anAccount(db, 100_000)));
  await db.$client.end();
  return accounts;
}

describe("Postgres is away", () => {
  test("L4 L5: killed at once under load and back later, nothing that was answered is lost and nothing is done twice", async () => {
    const accounts = await someAccounts();
    const { told, finish } = traffic(accounts);
    await told(100);
    // Immediate shutdown: no checkpoint, no word to the clients; what comes back is what was on the disk.
    const died = server.died;
    process.kill(server.pid, "SIGQUIT");
    await died;
    await delay(STOP_SECONDS * 1_000);
    server = await startPostgres({ dir, port: server.port });
    await told(100);
    const { ended, unknown } = await finish();
    expect(unknown.size).toBeGreaterThan(0);
    await expectNothingLost(accounts, ended);
  });

  test("L4 L5: frozen under load and going on later, every request is answered in the end, once", async () => {
    const accounts = await someAccounts();
    const { told, finish } = traffic(accounts);
    await told(100);
    const workers = await backends();
    for (const pid of workers) process.kill(pid, "SIGSTOP");
    try {
      await delay(STOP_SECONDS * 1_000);
    } finally {
      for (const pid of workers) process.kill(pid, "SIGCONT");
    }
    await told(100);
    const { ended } = await finish();
    await expectNothingLost(accounts, ended);
  });
});

/** The server and all that works for it just now. */
async function backends(): Promise<number[]> {
  const db = connect(server.ownerUrl, { max: 1 });
  const rows = await db.$client<{ pid: number }[]>`select pid from pg_stat_activity`;
  const own = await db.$client<{ pid: number }[]>`select pg_backend_pid() as pid`;
  await db.$client.end();
  return [server.pid, ...rows.map(({ pid }) => pid).filter((pid) => pid !== own[0]?.pid)];
}
