import { createHash } from "node:crypto";
import type { Definition } from "@imgpilot/testkit/state-machine";
import { type Books, booksOf } from "./books.ts";
import { findViolations } from "./check.ts";
import type { Fault } from "./faults.ts";
import type { Site } from "./gate.ts";
import type { Lane } from "./lane.ts";
import type { Ordered } from "./person.ts";
import type { Script } from "./providers.ts";
import type { Scenario } from "./scenarios.ts";
import { World } from "./world.ts";

/** A fault and the label of the site at which it happens. */
export type Planned = { readonly at: string; readonly fault: Fault };

export type Played = {
  readonly world: World;
  readonly books: Books;
  readonly violations: string[];
  /** The sites that were reached after the last planned fault: where the next may be. */
  readonly ahead: readonly Site[];
};

const PRICE = 4;
let ordered = 0;

/** Plays a scenario with the planned faults, and looks at what is left. */
export async function play(
  lane: Lane,
  scenario: Scenario,
  faults: readonly Planned[],
  definition?: Definition,
): Promise<Played> {
  lane.nextDay();
  const order = anOrder(await lane.account(), scenario);
  const left = [...faults];
  let again: { fault: Fault; name: string; times: number } | null = null;
  let reached = 0;
  const plan = (site: Site): Fault | null => {
    if (left[0]?.at !== site.label) {
      if (!again?.times || site.kind !== "call" || site.lambda.work.name !== again.name) return null;
      again.times -= 1;
      return again.fault;
    }
    const { fault } = left.shift() as Planned;
    again = { fault, name: site.lambda.work.name, times: (fault.times ?? 1) - 1 };
    reached = world.gate.trace.length;
    return fault;
  };
  const world: World = new World(lane, {
    orders: [order],
    script: scriptOf(scenario),
    plan,
    slowness: 8,
    ...(definition ? { definition } : {}),
  });
  await world.play();
  const books = await booksOf(lane, [order.accountId]);
  const violations = findViolations(world, books);
  // Whether a job is called depends on how long the jitter of the retries takes.
  if (left.length > 0 && !/^(dispatch|sweep)/.test(left[0]?.at ?? ""))
    violations.push(`not reached: ${left.map(({ at }) => at)}`);
  violations.push(...unexpected(scenario, faults, books));
  return { world, books, violations, ahead: world.gate.trace.slice(reached) };
}

/** One passing fault costs nobody an image: the run ends as it would have without. */
function unexpected({ outcome, isRobust }: Scenario, faults: readonly Planned[], { runs }: Books): string[] {
  const isFree = faults.length === 0 || (isRobust && faults.length === 1 && faults[0]?.fault.isPassing);
  const found = runs[0]?.outcome;
  return isFree && found !== outcome ? [`it ended as ${found}, not ${outcome}`] : [];
}

/** An order of the scenario. The jitter of its retries comes from its number. */
export function anOrder(accountId: string, { count, routes }: Scenario, number = ++ordered): Ordered {
  const n = String(number).padStart(25, "0");
  return {
    generationId: `gen_${n}A`,
    accountId,
    idempotencyKey: n,
    requestHash: createHash("sha256").update(n).digest("hex"),
    model: "nano-banana-2.1",
    prompt: "a red fox in snow",
    aspectRatio: "1:1",
    resolution: "1K",
    count,
    seed: null,
    fallback: "any-model",
    references: [],
    pricePerImage: PRICE,
    maxCredits: PRICE * count,
    routes,
  };
}

export function scriptOf({ google = [], bfl = [], polls = ["drawn"] }: Scenario): Script {
  const nth = <T>(list: readonly T[], n: number, or: T): T => list[n] ?? list.at(-1) ?? or;
  return {
    reply: (provider, n) => (provider === "google" ? nth(google, n, "draws") : nth(bfl, n, "queues")),
    poll: (n) => nth(polls, n, "drawn"),
  };
}

/** What was played, for people: the faults, what was done in which order, and how it stood in the end. */
export function describe(
  scenario: Scenario,
  faults: readonly Planned[],
  { world, books, violations }: Played,
): string {
  const plan = faults.map(({ at, fault }) => `  ${at} ${fault.name}`);
  const trace = world.gate.trace.map(({ label }) => label);
  return [
    `"${scenario.name}" with`,
    ...(plan.length > 0 ? plan : ["  no fault"]),
    "breaks",
    ...violations.map((violation) => `  ${violation}`),
    `Done: ${trace.join(", ")}`,
    `Runs: ${JSON.stringify(books.runs)}`,
    `Attempts: ${JSON.stringify(books.attempts)}`,
  ].join("\n");
}
