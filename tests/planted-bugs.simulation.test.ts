import type { Definition } from "@imgpilot/testkit/state-machine";
import { expect, test, vi } from "vitest";
import { DEPLOYED } from "./simulation/cloud.ts";
import { explore } from "./simulation/explore.ts";
import { FAULTS } from "./simulation/faults.ts";
import { freshLanes, type Lane } from "./simulation/lane.ts";
import { DRAWN, PARTIAL, type Scenario } from "./simulation/scenarios.ts";

/**
 * The simulation bites: with one rule taken out of the SQL or of the state machine, some schedule breaks a promise. Each
 * mistake was made by somebody, or is one that a change could make without any other test noticing.
 */
vi.mock("node:timers/promises", () => import("./simulation/timers.ts"));

const lanes = freshLanes(1);

type Bug = {
  readonly name: string;
  /** What is broken by it: invariants, or the promise to remove (R6). */
  readonly breaks: readonly string[];
  /** What the schedule that shows it says. */
  readonly says: RegExp;
  /** Which faults show it; none: it shows without. */
  readonly under?: RegExp;
  /** Or which schedule, where it takes two of them. */
  readonly schedule?: readonly (readonly [at: string, fault: RegExp])[];
  readonly scenario?: Scenario;
  /** A place in a function of the schema. */
  readonly sql?: readonly [name: string, from: string, to: string];
  readonly machine?: (states: Definition["States"], items: Definition["States"]) => void;
};

const SQL: readonly Bug[] = [
  {
    name: "settle charges what was ordered, not what was recorded",
    breaks: ["W2"],
    says: /W2/,
    scenario: PARTIAL,
    sql: [
      "run_settle",
      "stored * settled.price_per_image",
      "cardinality(settled.images) * settled.price_per_image",
    ],
  },
  {
    name: "settle settles again what is settled",
    breaks: ["L4"],
    says: /L4/,
    under: /asks to cancel/,
    sql: ["run_settle", "settled.id is null or settled.settled_at is not null", "settled.id is null"],
  },
  {
    name: "what was held and is not charged stays held",
    breaks: ["W3"],
    says: /W3/,
    under: /asks to cancel/,
    sql: ["credit_settle", "if line.amount > used then", "if false then"],
  },
  {
    name: "image_record does not ask whether the run is open",
    breaks: ["W2"],
    says: /W2/,
    under: /asks to cancel/,
    sql: ["image_record", "locked := run_lock_open(p_run);", ""],
  },
  {
    name: "SubmitImage calls for a run that is settled",
    breaks: ["W4"],
    says: /W4/,
    under: /asks to cancel/,
    sql: ["attempt_begin", "locked run := run_lock_open(p_run);", "locked run := run_lock(p_run);"],
  },
  {
    name: "a late answer overwrites an unknown",
    breaks: ["W4"],
    says: /W4: .* was unknown, and then/,
    under: /late by/,
    sql: ["attempt_finish", "else false end;", "else true end;"],
  },
  {
    name: "a delivery that is recorded can still fail",
    breaks: ["W2"],
    says: /W2/,
    schedule: [
      ["StoreImage[0]#1 call#1", /invocation lost$/],
      ["StoreImage[0]#2 get staging#1", /finds nothing/],
    ],
    sql: [
      "attempt_finish",
      "then p_state = 'failed' and not exists",
      "then p_state = 'failed' or p_state = 'failed' and not exists",
    ],
  },
  {
    name: "a generation is never concluded",
    breaks: ["W3"],
    says: /W3: generation/,
    sql: ["run_settle", "perform generation_conclude(settled);", ""],
  },
  {
    name: "settling queues no objects",
    breaks: ["R6"],
    says: /R6/,
    sql: ["run_settle", "perform run_queue_objects(p_run);", ""],
  },
  {
    name: "DELETE removes the rows and forgets the objects",
    breaks: ["R6"],
    says: /R6/,
    under: /asks to delete/,
    sql: [
      "generation_remove",
      "from (select unnest(keys) as key union select",
      "from (select null as key where false union select",
    ],
  },
  {
    name: "DELETE removes the objects once, and a Lambda writes them again",
    breaks: ["R6"],
    says: /R6/,
    schedule: [
      ["StoreImage[0]#1 put original#1", /late by/],
      ["execution-ended#1 run_settlement#1", /asks to delete/],
    ],
    sql: ["generation_remove", "clock_timestamp() + interval '1 hour'", "null::timestamptz"],
  },
  {
    name: "a key is not kept",
    breaks: ["W1"],
    says: /W1/,
    under: /invocation lost|Lambda dies/,
    sql: [
      "generation_request",
      "refusal := generation_create(",
      "p_key := gen_random_uuid()::text; refusal := generation_create(",
    ],
  },
];

const always = (name: string) => [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: name }];

const MACHINE: readonly Bug[] = [
  {
    name: "ReserveCredits is not caught",
    breaks: ["W3"],
    says: /fell out of ReserveCredits/,
    under: /throttled 9/,
    machine: (states) => delete states.ReserveCredits?.Catch,
  },
  {
    name: "CommitCredits is not caught",
    breaks: ["W9"],
    says: /fell out of CommitCredits/,
    under: /away for 900/,
    machine: (states) => delete states.CommitCredits?.Catch,
  },
  {
    name: "an error of one image is left to the Map",
    breaks: ["W3"],
    says: /failed its siblings/,
    under: /throttled 9/,
    machine: (_, items) => delete items.SubmitImage?.Catch,
  },
  {
    name: "SubmitImage is not retried",
    breaks: ["W6"],
    says: /it ended as failed/,
    under: /is throttled$/,
    machine: (_, items) => delete items.SubmitImage?.Retry,
  },
  {
    name: "what was drawn is taken for stored",
    breaks: ["W6"],
    says: /it ended as failed/,
    machine: (_, items) => {
      for (const rule of items.Verdict?.Choices ?? [])
        if (rule.StringEquals === "store") rule.Next = "ImageStored";
    },
  },
  {
    name: "an error while drawing ends the execution as if all were well",
    breaks: ["W3"],
    says: /W3|rule 11|fell out/,
    under: /throttled 9/,
    machine: (states) => {
      if (states.ReserveCredits) states.ReserveCredits.Catch = always("GenerationSucceeded");
    },
  },
];

const named = (name: RegExp) => FAULTS.filter((fault) => name.test(fault.name));

/** What the first schedule that breaks says, or that none does. */
async function bite(lane: Lane, { scenario = DRAWN, under, schedule = [], machine }: Bug): Promise<string> {
  const definition = structuredClone(DEPLOYED);
  machine?.(definition.States, definition.States.DrawImages?.ItemProcessor?.States ?? {});
  const planned = schedule.flatMap(([at, name]) => named(name).map((fault) => ({ at, fault })));
  const faults = under ? named(under) : [];
  const exploration = { scenario, faults, definition, depth: under ? 1 : 0, planned, auditEvery: 1 } as const;
  const said = await explore([lane], exploration).then(
    (count) => `nothing in ${count} schedules`,
    (error: Error) => error.message,
  );
  await lane.wipe();
  return said;
}

test.for([...SQL, ...MACHINE])("is noticed: $name", async (bug, { task }) => {
  task.meta.breaks = bug.breaks;
  const [lane] = lanes as [Lane];
  const undo = bug.sql && (await lane.mutate(...bug.sql));
  try {
    expect(await bite(lane, bug)).toMatch(bug.says);
  } finally {
    await undo?.();
  }
});
