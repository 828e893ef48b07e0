import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import type { LimitRule } from "@imgpilot/core/limits";
import { startRedis } from "@imgpilot/localcloud/services/redis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRedisLimits } from "./redis-limits.ts";

const dir = fs.mkdtempSync(path.join(os.tmpdir(), "redis-"));
let redis: Awaited<ReturnType<typeof startRedis>>;
let limits: ReturnType<typeof createRedisLimits>;
beforeAll(async () => {
  redis = await startRedis({ dir });
  limits = createRedisLimits({ url: redis.url });
});
afterAll(async () => {
  limits.close();
  await redis.stop();
  fs.rmSync(dir, { recursive: true });
});

let rules = 0;
const rule = (more: Partial<LimitRule> = {}): LimitRule => ({
  name: `test-${process.pid}-${rules++}`,
  points: 3,
  windowSeconds: 60,
  whenDown: "refuse",
  ...more,
});

test("forty requests at once through two Lambdas pass no more often than the rule says", async () => {
  const other = createRedisLimits({ url: redis.url });
  const three = rule();
  const verdicts = await Promise.all(
    Array.from({ length: 40 }, (_, n) => (n % 2 ? limits : other).consume(three, "ann")),
  );
  expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(3);
  for (const { allowed, retryAfterSeconds } of verdicts) {
    expect(retryAfterSeconds).toBeGreaterThanOrEqual(allowed ? 0 : 1);
    expect(retryAfterSeconds).toBeLessThanOrEqual(allowed ? 0 : 60);
  }
  other.close();
});

test("one key's use, or one rule's, takes nothing from another", async () => {
  const [one, two] = [rule({ points: 1 }), rule({ points: 1 })];
  expect((await limits.consume(one, "ann")).allowed).toBe(true);
  expect((await limits.consume(one, "ann")).allowed).toBe(false);
  expect((await limits.consume(one, "bob")).allowed).toBe(true);
  expect((await limits.consume(two, "ann")).allowed).toBe(true);
});

test("a window that has passed counts anew", async () => {
  const short = rule({ points: 1, windowSeconds: 1 });
  await limits.consume(short, "ann");
  await expect.poll(async () => (await limits.consume(short, "ann")).allowed, { timeout: 5_000 }).toBe(true);
});

test("a Redis that is up passes the check", async () => {
  await limits.check();
});

/** Down: nobody listens. Mute: connections are taken and never answered, as by a stopped machine behind a balancer. */
const broken = {
  down: async () => ({ url: "redis://127.0.0.1:1", end: () => {} }),
  mute: async () => {
    const server = net.createServer(() => {}).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as net.AddressInfo;
    return { url: `redis://127.0.0.1:${port}`, end: () => server.close() };
  },
};
test.each(Object.entries(broken))(
  "without Redis (%s) sign-in refuses, reading goes on, and neither hangs",
  async (_, start) => {
    const { url, end } = await start();
    const told: string[] = [];
    const blind = createRedisLimits({ url, onDown: (_error, { name }) => told.push(name) });
    const [refusing, allowing] = [rule({ name: "sign-in" }), rule({ name: "read", whenDown: "allow" })];
    // 5 s is the promise's bound here; each answer takes well under one.
    const verdicts = Promise.all([blind.consume(refusing, "ann"), blind.consume(allowing, "ann")]);
    const late = new Promise<never>((_, reject) => setTimeout(reject, 5_000, new Error("hangs")).unref());
    expect(await Promise.race([verdicts, late])).toEqual([
      { allowed: false, retryAfterSeconds: 30 },
      { allowed: true, retryAfterSeconds: 0 },
    ]);
    expect(told.toSorted()).toEqual(["read", "sign-in"]);
    await expect(Promise.race([blind.check(), late])).rejects.not.toThrow("hangs");
    blind.close();
    end();
  },
);
