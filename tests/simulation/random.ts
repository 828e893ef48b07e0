import { booksOf } from "./books.ts";
import { findViolations } from "./check.ts";
import { FAULTS, type Fault } from "./faults.ts";
import type { Site } from "./gate.ts";
import type { Lane } from "./lane.ts";
import { SCENARIOS } from "./scenarios.ts";
import { anOrder, scriptOf } from "./schedule.ts";
import { World } from "./world.ts";

/** Of the sites of a schedule, about so many have a fault: often several in one run. */
const FAULT_SHARE = 0.04;
const ORDERS_MAX = 5;

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Some orders at once, some faults, and everything that may go first or later does so as the seed has it. Answers every
 * way in which a promise was broken.
 */
export async function playAtRandom(lane: Lane, seed: number): Promise<string[]> {
  const random = randomOf(seed);
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  lane.nextDay();
  const scenario = oneOf(SCENARIOS);
  const accounts = [await lane.account(), await lane.account()];
  // Often one, and sometimes more than one account may have running at once (L21).
  const orders = Array.from({ length: Math.ceil(random() ** 2 * ORDERS_MAX) }, (_, n) =>
    anOrder(oneOf(accounts), scenario, seed * 10 + n),
  );
  const done: string[] = [];
  const plan = (site: Site): Fault | null => {
    if (site.isDown || random() > FAULT_SHARE) return null;
    const fitting = FAULTS.filter((fault) => fault.fits(site));
    if (fitting.length === 0) return null;
    const fault = oneOf(fitting);
    done.push(`${site.label} ${fault.name}`);
    return fault;
  };
  const pick = (candidates: number) => Math.floor(random() * candidates);
  const slowness = oneOf([1, 8]);
  const world = new World(lane, { orders, script: scriptOf(scenario), plan, random, pick, slowness });
  await world.play(random() * 10);
  const books = await booksOf(lane, accounts);
  const violations = findViolations(world, books);
  const told = `seed ${seed}, "${scenario.name}", ${orders.length} order(s): ${done.join("; ") || "no fault"}`;
  return violations.map((violation) => `${violation}\n  in ${told}`);
}
