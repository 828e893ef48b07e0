import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { GateRoute, Outcome } from "@imgpilot/core/routing/gate";
import type { BreakerPolicy } from "@imgpilot/core/routing/policy";
import { startRedis } from "@imgpilot/localcloud/services/redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRedisGate } from "./redis-gate.ts";

/** Guards B1 to B5 of core's routing README, with several Lambdas on one real Redis. */
const dir = fs.mkdtempSync(path.join(os.tmpdir(), "gate-"));
let redis: Awaited<ReturnType<typeof startRedis>>;
const gates: ReturnType<typeof createRedisGate>[] = [];
beforeAll(async () => {
  redis = await startRedis({ dir });
});
afterAll(async () => {
  for (const gate of gates) gate.close();
  await redis.stop();
  fs.rmSync(dir, { recursive: true });
});

const POLICY: BreakerPolicy = {
  windowSeconds: 60,
  minCalls: 10,
  failureShare: 0.5,
  failuresInARow: 5,
  openSeconds: 1.5,
  maxOpenSeconds: 6,
  leaseSeconds: 30,
};

function aGate(policy: Partial<BreakerPolicy> = {}) {
  const gate = createRedisGate({ url: redis.url, policy: { ...POLICY, ...policy } });
  gates.push(gate);
  return gate;
}

let made = 0;
/** A route that no other test knows, at most `max` calls at once where that is given. */
function aRoute(max?: number): GateRoute {
  const name = `test/${process.pid}-${made++}`;
  return { name, lanes: max === undefined ? [] : [{ name: `lane-${name}`, max }] };
}

const ANSWERED: Outcome = { kind: "answered" };
const FAILED: Outcome = { kind: "failed" };
type Gate = ReturnType<typeof createRedisGate>;

let calls = 0;
/** One call of the first of these that lets it in; the index of that one. */
async function aCall(gate: Gate, routes: GateRoute[], outcome: Outcome): Promise<number> {
  const lease = `call-${calls++}`;
  const entry = await gate.enter(routes, lease, false);
  if (entry.verdict === "wait") throw new Error("there is no room");
  await gate.leave(routes[entry.at] as GateRoute, lease, outcome);
  return entry.at;
}
const history = async (gate: Gate, routes: GateRoute[], outcomes: Outcome[]) => {
  for (const outcome of outcomes) await aCall(gate, routes, outcome);
};
/** Which of two is called now, and the call is not given back. */
async function open(gate: Gate, routes: GateRoute[]): Promise<number> {
  const entry = await gate.enter(routes, `call-${calls++}`, false);
  return entry.verdict === "enter" ? entry.at : -1;
}

describe("a breaker (B2)", () => {
  test("opens by the share of failures, for every Lambda, and not before there were enough calls", async () => {
    const [gate, other] = [aGate(), aGate()];
    const routes = [aRoute(), aRoute()];
    const four = [FAILED, ANSWERED, FAILED, ANSWERED];
    await history(gate, routes, [...four, ...four, FAILED]);
    expect(await open(other, routes)).toBe(0);
    await history(gate, routes, [FAILED]);
    expect(await open(other, routes)).toBe(1);
  });

  test("stays closed where fewer fail, whatever their number", async () => {
    const gate = aGate();
    const routes = [aRoute(), aRoute()];
    const three = [FAILED, ANSWERED, ANSWERED];
    await history(gate, routes, Array(10).fill(three).flat());
    expect(await open(gate, routes)).toBe(0);
  });

  test("of a quiet route opens after five failures in a row, and not after four and an answer", async () => {
    const gate = aGate();
    const routes = [aRoute(), aRoute()];
    await history(gate, routes, [...Array(4).fill(FAILED), ANSWERED, ...Array(4).fill(FAILED)]);
    expect(await open(gate, routes)).toBe(0);
    await history(gate, routes, [FAILED]);
    expect(await open(gate, routes)).toBe(1);
  });

  test("opens at once for as long as a provider asks to be left alone", async () => {
    const gate = aGate();
    const routes = [aRoute(), aRoute()];
    await history(gate, routes, [{ kind: "out", seconds: 3 }]);
    expect(await open(gate, routes)).toBe(1);
    await expect.poll(() => open(gate, routes), { timeout: 20_000 }).toBe(0);
  });

  test("forgets what is older than its window", async () => {
    const gate = aGate({ windowSeconds: 0.6, failuresInARow: 100 });
    const routes = [aRoute(), aRoute()];
    await history(gate, routes, Array(9).fill(FAILED));
    await sleep(800);
    await history(gate, routes, Array(9).fill(FAILED));
    expect(await open(gate, routes)).toBe(0);
  });

  test("does not mind calls that say nothing", async () => {
    const gate = aGate();
    const routes = [aRoute(), aRoute()];
    await history(gate, routes, Array(30).fill({ kind: "none" }));
    expect(await open(gate, routes)).toBe(0);
  });
});

describe("when a breaker's time is over (B3)", () => {
  async function opened(gate: Gate): Promise<GateRoute[]> {
    const routes = [aRoute(), aRoute()];
    await history(gate, routes, Array(5).fill(FAILED));
    expect(await open(gate, routes)).toBe(1);
    await sleep(1_600);
    return routes;
  }

  test("one call of twenty at once, through two Lambdas, finds out", async () => {
    const [gate, other] = [aGate(), aGate()];
    const routes = await opened(gate);
    const entered = await Promise.all(
      Array.from({ length: 20 }, (_, n) => open(n % 2 ? gate : other, routes)),
    );
    expect(entered.filter((at) => at === 0)).toHaveLength(1);
  });

  test("an answer closes it", async () => {
    const gate = aGate();
    const routes = await opened(gate);
    await history(gate, routes, [ANSWERED]);
    expect([await open(gate, routes), await open(gate, routes)]).toEqual([0, 0]);
  });

  test("a failure opens it again, for twice as long", async () => {
    const gate = aGate();
    const routes = await opened(gate);
    await history(gate, routes, [FAILED]);
    await sleep(1_600);
    expect(await open(gate, routes)).toBe(1);
    await sleep(1_600);
    expect(await open(gate, routes)).toBe(0);
  });

  test("a probe whose Lambda died leaves the next one in", async () => {
    const gate = aGate({ leaseSeconds: 1.5 });
    const routes = await opened(gate);
    expect([await open(gate, routes), await open(gate, routes)]).toEqual([0, 1]);
    await sleep(1_700);
    expect(await open(gate, routes)).toBe(0);
  });
});

test("where every route is open the first is called all the same, and an answer closes it (B4)", async () => {
  const gate = aGate({ openSeconds: 60 });
  const [first, second] = [aRoute(), aRoute()];
  for (const route of [first, second]) await history(gate, [route], Array(5).fill(FAILED));
  expect(await open(gate, [second, first])).toBe(0);
  expect(await aCall(gate, [first, second], ANSWERED)).toBe(0);
  expect(await open(gate, [second, first])).toBe(1);
});

describe("a limit (B5)", () => {
  test("is kept by forty calls at once through two Lambdas, which go on to the next route", async () => {
    const [gate, other] = [aGate(), aGate()];
    const routes = [aRoute(3), aRoute(4)];
    const entered = await Promise.all(
      Array.from({ length: 40 }, (_, n) => open(n % 2 ? gate : other, routes)),
    );
    expect([0, 1, -1].map((at) => entered.filter((entry) => entry === at).length)).toEqual([3, 4, 33]);
  });

  test("is of all the routes that share it", async () => {
    const gate = aGate();
    const [one, two] = [aRoute(1), aRoute()];
    const same = { ...two, lanes: one.lanes };
    expect([await open(gate, [one]), await open(gate, [same])]).toEqual([0, -1]);
  });

  test("has room again when a call ends, and when the lease of one that never ends does", async () => {
    const gate = aGate({ leaseSeconds: 1.5 });
    const route = aRoute(1);
    await gate.enter([route], "mine", false);
    expect(await open(gate, [route])).toBe(-1);
    await gate.leave(route, "mine", ANSWERED);
    expect(await open(gate, [route])).toBe(0);
    expect(await open(gate, [route])).toBe(-1);
    await expect.poll(() => open(gate, [route]), { timeout: 20_000 }).toBe(0);
  });

  test("is held by a call that is queued for as long as somebody asks after it", async () => {
    const gate = aGate({ leaseSeconds: 1.5 });
    const route = aRoute(1);
    await gate.enter([route], "mine", false);
    await gate.renew(route, "mine", 30);
    await sleep(1_700);
    expect(await open(gate, [route])).toBe(-1);
  });

  test("counts a step that is repeated once, and lets in who has waited too long", async () => {
    const gate = aGate();
    const route = aRoute(1);
    const entered = { verdict: "enter", at: 0 };
    for (let n = 0; n < 3; n++) expect(await gate.enter([route], "mine", false)).toEqual(entered);
    expect(await gate.enter([route], "other", false)).toEqual({ verdict: "wait", seconds: 5 });
    expect(await gate.enter([route], "other", true)).toEqual(entered);
  });
});

/** Down: nobody listens. Mute: connections are taken and never answered. */
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
  "without Redis (%s) everybody is let in, and it is told once (B1)",
  async (_, start) => {
    const { url, end } = await start();
    let told = 0;
    const blind = createRedisGate({ url, onDown: () => told++ });
    const route = aRoute(1);
    for (let n = 0; n < 2; n++)
      expect(await blind.enter([route], `call-${n}`, false)).toEqual({ verdict: "enter", at: 0 });
    await blind.renew(route, "call-0", 60);
    await blind.leave(route, "call-0", FAILED);
    expect(told).toBe(1);
    blind.close();
    end();
  },
);
