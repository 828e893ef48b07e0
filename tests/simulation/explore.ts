import { createHash } from "node:crypto";
import type { Definition } from "@imgpilot/testkit/state-machine";
import { audit, type Books } from "./books.ts";
import type { Fault } from "./faults.ts";
import type { Site } from "./gate.ts";
import type { Lane } from "./lane.ts";
import type { Scenario } from "./scenarios.ts";
import { describe, type Planned, type Played, play } from "./schedule.ts";

export type Exploration = {
  readonly scenario: Scenario;
  /** So many faults in one schedule, of these. */
  readonly depth: 0 | 1 | 2;
  readonly faults: readonly Fault[];
  readonly definition?: Definition;
  /** What goes wrong in every one of them. */
  readonly planned?: readonly Planned[];
  /** Audits after so many schedules. */
  readonly auditEvery?: number;
  /** What else each of them is good for. */
  readonly onPlayed?: (played: Played) => Promise<void>;
};

declare module "vitest" {
  interface TaskMeta {
    /** How many schedules a test played, and which invariants its planted bug breaks: `npm run prove` adds them up. */
    schedules?: number;
    breaks?: readonly string[];
  }
}

/** The books are forgotten after so many schedules. */
const WIPE_EVERY = 300;

/** A schedule after which something was not as promised. */
class Broken extends Error {
  override readonly name = "Broken";
}

/**
 * Plays every schedule of a scenario with up to `depth` faults, each at every site where it fits; a second fault at the
 * sites that are reached after the first. Answers how many schedules there were.
 * @throws {Broken} at the first that breaks a promise.
 */
export async function explore(lanes: readonly Lane[], exploration: Exploration): Promise<number> {
  const {
    scenario,
    faults,
    depth,
    definition,
    planned: always = [],
    auditEvery = 20,
    onPlayed,
  } = exploration;
  const todo: Planned[][] = [[...always]];
  let count = 0;
  let busy = 0;
  let isBroken = false;
  const seen = new Set<string>();
  const next = (planned: Planned[], played: Played) => {
    if (planned.length - always.length >= depth) return;
    for (const site of worthwhile(played, seen))
      for (const fault of faults) if (fault.fits(site)) todo.push([...planned, { at: site.label, fault }]);
  };
  const work = async (lane: Lane) => {
    let unaudited: Planned[][] = [];
    while (!isBroken && (todo.length > 0 || busy > 0)) {
      const planned = todo.pop();
      if (!planned) {
        await new Promise(setImmediate);
        continue;
      }
      busy++;
      const played = await play(lane, scenario, planned, definition);
      busy--;
      count++;
      if (played.violations.length > 0) throw new Broken(describe(scenario, planned, played));
      await onPlayed?.(played);
      next(planned, played);
      unaudited.push(planned);
      if (unaudited.length >= auditEvery || todo.length === 0) {
        await refuseFindings(lane, unaudited);
        unaudited = [];
      }
    }
    await refuseFindings(lane, unaudited);
  };
  const stop = (error: unknown) => {
    isBroken = true;
    throw error;
  };
  const ends = await Promise.allSettled(lanes.map((lane) => work(lane).catch(stop)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return count;
}

/**
 * Where another fault may lead to something new: not from where on an earlier schedule went the same way to the same
 * books. There its faults, whichever they were, had been absorbed, and what can follow was tried already.
 */
function worthwhile({ ahead, books }: Played, seen: Set<string>): Site[] {
  const end = essence(books);
  const left: Site[] = [];
  let way = "";
  for (const site of ahead.toReversed()) {
    way = createHash("sha1")
      .update(`${site.label.replaceAll(/#\d+/g, "")} ${way}`)
      .digest("base64");
    const key = `${way} ${end}`;
    if (!seen.has(key) && isOften(site)) left.push(site);
    seen.add(key);
  }
  return left;
}

/** What the books say, but for ids and times. */
const essence = ({ runs, attempts, images, generations, available, deletions }: Books): string =>
  JSON.stringify([
    runs.map(({ outcome, charged, returned, hold, settled_by }) => [
      outcome,
      charged,
      returned,
      hold,
      settled_by,
    ]),
    attempts.map(({ image, n, state, cost_micros }) => [image, n, state, cost_micros]),
    images.map(({ image, attempt }) => [image, attempt]),
    generations.map(({ state }) => state),
    available,
    deletions.length,
  ]);

/** Jobs and polls come again and again: what can go wrong in one of them shows in the first. So it does in one of two puts. */
const isOften = ({ lambda, name, isDown }: Site): boolean =>
  !isDown && name !== "put w320" && !/^(dispatch|sweep|PollImage\[\d\])'?#([3-9]|\d\d)/.test(lambda.label);

/** What is due for removal is removed, then nothing is left that is not recorded, and the books balance. */
async function refuseFindings(lane: Lane, played: readonly Planned[][]): Promise<void> {
  if (played.length === 0) return;
  const findings = [...(await audit(lane)), ...(await lane.objectsInTheEnd())];
  if (findings.length === 0) {
    if (lane.playedSinceWipe >= WIPE_EVERY) await lane.wipe();
    return;
  }
  const which = played.map((planned) =>
    planned.map(({ at, fault }) => `${at} ${fault.name}`).join(", then "),
  );
  throw new Broken(`${JSON.stringify(findings, null, 2)}\nafter one of\n  ${which.join("\n  ")}`);
}
