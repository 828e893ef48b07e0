import { Generations } from "@imgpilot/core/generations";
import type { Definition } from "@imgpilot/testkit/state-machine";
import { expect } from "vitest";
import { audit, type Books, booksOf } from "./books.ts";
import { findViolations } from "./check.ts";
import { DEPLOYED } from "./cloud.ts";
import { FAULTS, type Fault } from "./faults.ts";
import type { Site } from "./gate.ts";
import type { Lane } from "./lane.ts";
import type { Script } from "./providers.ts";
import { DRAWN, type Scenario } from "./scenarios.ts";
import { anOrder, scriptOf } from "./schedule.ts";
import { World } from "./world.ts";

type Story = {
  readonly scenario?: Scenario;
  readonly script?: Partial<Script>;
  /** How many orders of one account. */
  readonly orders?: number;
  /** From one to the next. */
  readonly pauseSeconds?: number;
  /** What goes wrong at the sites whose labels match: the name of a fault, or its beginning. */
  readonly faults?: readonly (readonly [at: RegExp, fault: string])[];
  readonly slowness?: number;
  readonly definition?: Definition;
};

/** Plays a story on a lane of its own; whatever it is about, every promise is kept in the end. */
export async function stage(lane: Lane, story: Story) {
  const { scenario = DRAWN, orders: count = 1, faults = [], slowness = 8, definition = DEPLOYED } = story;
  lane.nextDay();
  const accountId = await lane.account();
  const orders = Array.from({ length: count }, () => anOrder(accountId, scenario));
  const plan = (site: Site): Fault | null => {
    const [, name] = faults.find(([at]) => at.test(site.label)) ?? [];
    return name === undefined ? null : faultNamed(name);
  };
  const script = { ...scriptOf(scenario), ...story.script };
  const world = new World(lane, { orders, script, plan, slowness, definition });
  await world.play(story.pauseSeconds);
  const books = await booksOf(lane, [accountId]);
  expect(findViolations(world, books)).toEqual([]);
  expect(await audit(lane)).toEqual([]);
  return { world, books, accountId, told: () => told(lane, accountId, books) };
}

/** What the person is told about their first generation. */
async function told(lane: Lane, accountId: string, { generations: [first] }: Books) {
  return Generations.get(
    { db: lane.db, objects: lane.objects },
    { accountId, generationId: first?.id ?? "" },
  );
}

function faultNamed(name: string): Fault {
  const found = FAULTS.find((fault) => fault.name.startsWith(name));
  if (!found) throw new Error(`there is no fault that ${name}`);
  return found;
}
