import { createRedisGate } from "@imgpilot/adapters/redis-gate";
import { sharpImageTools } from "@imgpilot/adapters/sharp-image-tools";
import type { Provider } from "@imgpilot/contract/catalogue";
import type { Context } from "@imgpilot/core/context";
import { BREAKER } from "@imgpilot/core/routing/policy";
import { loadProvider } from "@imgpilot/providers/load";
import { controlOf } from "@imgpilot/simulators/control";
import { anAccount, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { freshServices } from "@imgpilot/testkit/services";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { draw } from "./providers/draw.ts";
import { MemoryObjects } from "./simulation/objects.ts";

/**
 * Guards that one provider's outage does not take a model down: the simulators on the wire, the real adapters, steps,
 * books and breakers. The images are drawn elsewhere, at the same price, and soon without asking at the broken place.
 */
const database = freshDatabase();
const services = freshServices();
let gate: ReturnType<typeof createRedisGate>;
beforeAll(() => {
  gate = createRedisGate({ url: services.redisUrl, policy: { ...BREAKER, openSeconds: 1 } });
});
afterAll(() => gate.close());
const control = (name: Provider) => controlOf(services.providers[name]);
beforeEach(async () => {
  for (const name of ["google", "bfl", "fal", "replicate"] as const) await control(name).reset();
});
afterEach(() => expectBalancedBooks(database.db));

const contextOf = (routeGate: Context["gate"]): Context => ({
  db: database.db,
  objects: new MemoryObjects(),
  images: sharpImageTools,
  workflow: {
    start: async () => {},
    stop: async () => {},
    state: async () => "running",
    failedIn: async () => null,
    redrive: async () => {},
  },
  gate: routeGate,
  provider: (name) => loadProvider(name, { baseUrl: services.providers[name], apiKey: "test-key" }),
  report: () => {},
});

/** So many images of a model, one after the other, each in an account of its own. */
async function drawn(model: string, count: number, routeGate: Context["gate"] = gate) {
  const endings = [];
  for (let n = 0; n < count; n++)
    endings.push(
      await draw(contextOf(routeGate), await anAccount(database.db, 100), {
        model,
        prompt: `a red fox in snow, ${n}`,
        aspectRatio: "1:1",
        resolution: "1K",
        count: 1,
        references: [],
        fallback: "same-model",
        maxCredits: 8,
      }),
    );
  return endings;
}
const submits = async (name: Provider) => (await control(name).requests("submit")).length;
const DOWN = [{ name: "503", times: "always" as const }];
const CHARGED = { isDrawn: true, charged: 4, returned: 0 };

test("Google is down: every image is drawn at fal for the same credits, and after five failures Google is left alone, until it is back", async () => {
  await control("google").script(DOWN);
  expect(await drawn("nano-banana-2.1", 6)).toEqual(Array(6).fill(expect.objectContaining(CHARGED)));
  // Each image would have asked three times.
  expect(await submits("google")).toBeLessThan(12);
  expect(await submits("fal")).toBe(6);
  const before = await submits("google");
  await control("google").script([]);
  await expect
    .poll(
      async () => {
        await drawn("nano-banana-2.1", 1);
        return submits("google");
      },
      { timeout: 20_000 },
    )
    .toBeGreaterThan(before);
  await drawn("nano-banana-2.1", 2);
  expect(await submits("google")).toBeGreaterThanOrEqual(before + 3);
});

test("Black Forest Labs and fal are down: every image is drawn at Replicate, within the six calls that it has", async () => {
  for (const name of ["bfl", "fal"] as const) await control(name).script(DOWN);
  expect(await drawn("flux-kontext-pro", 2)).toEqual(Array(2).fill(expect.objectContaining(CHARGED)));
  expect(await submits("replicate")).toBe(2);
});

test("everybody is down, and every breaker open: the next image is tried all the same, and drawn where one is back", async () => {
  for (const name of ["bfl", "fal", "replicate"] as const) await control(name).script(DOWN);
  const lost = await drawn("flux-kontext-max", 4);
  for (const ending of lost) expect(ending).toMatchObject({ isDrawn: false, charged: 0 });
  await control("bfl").script([]);
  expect(await drawn("flux-kontext-max", 1)).toMatchObject([{ isDrawn: true }]);
});

test("Redis is away: images are drawn, and the fault is told once", async () => {
  let told = 0;
  const blind = createRedisGate({ url: "redis://127.0.0.1:1", onDown: () => told++ });
  expect(await drawn("nano-banana-2.1", 2, blind)).toEqual(Array(2).fill(expect.objectContaining(CHARGED)));
  expect(told).toBe(1);
  blind.close();
});
