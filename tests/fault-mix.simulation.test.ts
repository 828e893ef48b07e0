import { expect, test, vi } from "vitest";
import { audit } from "./simulation/books.ts";
import { type Mixed, playFaultMix } from "./simulation/fault-mix.ts";
import { freshLanes } from "./simulation/lane.ts";

/**
 * Five hundred generations through providers of whose calls three in ten fail, in every way that there is, with breakers
 * and limits that say anything. Every one ends, delivered or explained; the books balance; no attempt is paid twice.
 */
vi.mock("node:timers/promises", () => import("./simulation/timers.ts"));

const SCHEDULES = 100;
const ORDERS = 5;
const GENERATIONS = SCHEDULES * ORDERS;
const FIRST_SEED = Number(process.env.SIMULATION_SEED ?? 1);

const lanes = freshLanes(2);

test(`${GENERATIONS} generations under 30 % errors, from seed ${FIRST_SEED}`, { timeout: 600_000 }, async ({
  task,
}) => {
  task.meta.schedules = SCHEDULES;
  const seeds = Array.from({ length: SCHEDULES }, (_, n) => FIRST_SEED + n).reverse();
  const played: Mixed[] = [];
  await Promise.all(
    lanes.map(async (lane) => {
      for (let seed = seeds.pop(); seed !== undefined; seed = seeds.pop()) {
        const mixed = await playFaultMix(lane, seed, ORDERS);
        expect(mixed.violations).toEqual([]);
        played.push(mixed);
      }
      expect([...(await audit(lane)), ...(await lane.objectsInTheEnd())]).toEqual([]);
    }),
  );

  const runs = played.flatMap(({ books }) => books.runs);
  const attempts = played.flatMap(({ books }) => books.attempts);
  const replies = played.flatMap((mixed) => mixed.replies);
  expect(runs).toHaveLength(GENERATIONS);
  expect(replies).toHaveLength(attempts.length);
  // That it was the mix it is meant to be: else the rest says little.
  const failed = replies.filter((reply) => reply !== "draws" && reply !== "queues").length;
  expect(failed / replies.length).toBeGreaterThan(0.25);
  expect(failed / replies.length).toBeLessThan(0.35);
  const ends = (outcome: string) => runs.filter((run) => run.outcome === outcome).length;
  expect(ends("succeeded")).toBeGreaterThan(GENERATIONS / 2);
  for (const outcome of ["partial", "refused", "failed"]) expect(ends(outcome), outcome).toBeGreaterThan(0);
  const elsewhere = attempts.filter(({ n, provider }) => n > 0 && provider !== "google");
  expect(elsewhere.length).toBeGreaterThan(20);
});
