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
  /** Audits after so many schedules. */
  readonly auditEvery?: number;
  /** What else each of them is good for. */
  readonly onPlayed?: (played: Played) => Promise<void>;
};

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
  const { scenario, faults, depth, definition, auditEvery = 20, onPlayed } = exploration;
  const todo: Planned[][] = [[]];
  let count = 0;
  let busy = 0;
  let isBroken = false;
  let usual: Played | null = null;
  const next = (planned: Planned[], played: Played) => {
    usual ??= played;
    if (planned.length >= depth) return;
    for (const site of worthwhile(planned, played, usual))
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

/** Where another fault may lead to something new. */
function worthwhile(planned: readonly Planned[], { ahead, books }: Played, usual: Played): Site[] {
  const isAbsorbed = planned.length > 0 && essence(books) === essence(usual.books);
  const differing = isAbsorbed ? ahead.length - sameEnd(ahead, usual.ahead) : ahead.length;
  return ahead.slice(0, differing).filter(isOften);
}

/**
 * From where on a schedule with faults goes as the one without does, to the same books: its faults were absorbed, and
 * another one after that point is a first one.
 */
function sameEnd(ahead: readonly Site[], usual: readonly Site[]): number {
  let length = 0;
  while (length < ahead.length && ahead.at(-1 - length)?.label === usual.at(-1 - length)?.label) length++;
  return length;
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
    if (lane.played >= WIPE_EVERY) await lane.wipe();
    return;
  }
  const which = played.map((planned) =>
    planned.map(({ at, fault }) => `${at} ${fault.name}`).join(", then "),
  );
  throw new Broken(`${JSON.stringify(findings, null, 2)}\nafter one of\n  ${which.join("\n  ")}`);
}
