import { ProviderError } from "@imgpilot/core/generations/provider";
import { dropped, injected, type Operation, refused, type Site } from "./gate.ts";
import { named } from "./lambda.ts";
import type { World } from "./world.ts";

/** One thing that goes wrong, or that somebody does, at one site. */
export type Fault = {
  readonly name: string;
  readonly fits: (site: Site) => boolean;
  /** Whether it must cost nobody an image where all else is well. */
  readonly isPassing: boolean;
  /** It happens at so many sites of this kind in a row. */
  readonly times?: number;
  readonly around: <T>(world: World, site: Site, act: () => Promise<T>) => Promise<T>;
};

/** Long enough for every retry to be over and the run to be settled; short of the hour after which nothing may write. */
const LATE_SECONDS = 3_000;

const isEffect = ({ hasEffect, kind }: Site) => hasEffect && kind !== "call" && kind !== "event";
const isOf =
  (...kinds: Operation["kind"][]) =>
  ({ kind }: Site) =>
    kinds.includes(kind);
const isCallOfTask = (site: Site) => site.kind === "call" && Boolean(site.lambda.work.isTask);
const isAsked = ({ lambda }: Site) => !["request", "cancel", "delete"].includes(lambda.work.name);

/** How an operation fails that was not, or maybe was, done. */
function errorOf({ kind }: Operation, isDone: boolean): Error {
  if (kind === "sql") return isDone ? dropped() : refused();
  if (kind === "provider")
    return isDone
      ? new ProviderError("timeout", "no answer", { maybeBilled: true, final: false })
      : new ProviderError("overloaded", "no connection", { final: false });
  return injected(named("ServiceException", "503"));
}

/** (a) It fails before it has its effect. */
const fails: Fault = {
  name: "fails",
  fits: (site) => isEffect(site) || (site.kind === "object" && !site.hasEffect),
  isPassing: true,
  around: async (_, site) => {
    throw errorOf(site, false);
  },
};

/** (b) It is done, but nobody is told. */
const lost: Fault = {
  name: "is done, and the answer lost",
  fits: isEffect,
  isPassing: true,
  around: async (_, site, act) => {
    await act();
    throw errorOf(site, true);
  },
};

/** (c) The Lambda is invoked once more here, and both go on. */
const overtaken: Fault = {
  name: "is overtaken by a second invocation",
  fits: isEffect,
  isPassing: true,
  around: async (world, { lambda }, act) => {
    await world.clock.join(
      world.clock.fork(() => world.invoke({ ...lambda.work, name: `${lambda.work.name}'` })),
    );
    return act();
  },
};

/** (c) The statement is carried out twice, at the same time, by two connections. */
const doubled: Fault = {
  name: "is done twice at once",
  fits: (site) => isEffect(site) && site.kind === "sql",
  isPassing: true,
  around: async (_, __, act) => (await Promise.all([act(), act()]))[0],
};

/** (d) The Lambda stands still, is given up by who called it, and goes on when all is over. */
const frozen: Fault = {
  name: "is late by 50 minutes",
  fits: isEffect,
  isPassing: true,
  around: async (world, { lambda }, act) => {
    lambda.isZombie = true;
    await world.clock.sleep(LATE_SECONDS);
    return act();
  },
};

/** (d) The caller loses the Lambda and calls again, while it goes on a moment later. */
const unheard: Fault = {
  name: "goes on unheard, 3 s later",
  fits: isEffect,
  isPassing: true,
  around: async (world, { lambda }, act) => {
    lambda.cutOff();
    await world.clock.sleep(3);
    return act();
  },
};

/** (e) Throttled: not run. */
const throttled = (times: number): Fault => ({
  name: times === 1 ? "is throttled" : `is throttled ${times} times`,
  fits: isCallOfTask,
  isPassing: times === 1,
  times,
  around: async () => {
    throw named("Lambda.TooManyRequestsException");
  },
});

/** (f) Killed in the middle, after this was done. */
const dies: Fault = {
  name: "is done, and the Lambda dies",
  fits: isEffect,
  isPassing: true,
  around: async (_, { lambda }, act) => {
    await act();
    return lambda.die();
  },
};

/** (f) The invocation may or may not have been carried out. */
const unknown = (times: number): Fault => ({
  name: times === 1 ? "is done, and the invocation lost" : `is done, and the invocation lost, ${times} times`,
  fits: isCallOfTask,
  isPassing: times === 1,
  times,
  around: async (_, __, act) => {
    await act();
    throw named("Lambda.Unknown");
  },
});

/** (g) The execution is stopped: no Catch runs, and the Lambda goes on with nobody to hear it. */
const aborted: Fault = {
  name: "is when the execution is aborted",
  fits: (site) => isEffect(site) && Boolean(site.lambda.work.isTask),
  isPassing: false,
  around: async (world, { lambda }, act) => {
    world.cloud.end(lambda.work.of?.runId ?? "", "ABORTED");
    return act();
  },
};

/** One that outlasts the retries of settling is the same wherever it begins before that. */
const LONG_SECONDS = 600;

/** (h) There is no database for a while. */
const outage = (seconds: number, isPassing: boolean): Fault => ({
  name: `is when the database goes away for ${seconds} s`,
  fits: (site) =>
    isEffect(site) &&
    site.kind === "sql" &&
    (seconds < LONG_SECONDS || /settlement|record|finish/.test(site.name)),
  isPassing,
  around: async (world, _, act) => {
    world.gate.databaseIsDownUntil = world.clock.now + seconds;
    return act();
  },
});

/** (i) What was put is not there yet. */
const stale: Fault = {
  name: "finds nothing",
  fits: ({ kind, name }) => kind === "object" && name.startsWith("get"),
  isPassing: true,
  around: async () => null as never,
};

const person = (name: "cancel" | "delete"): Fault => ({
  name: `is when the person asks to ${name}`,
  fits: (site) => isEffect(site) && isAsked(site),
  isPassing: false,
  around: async (world, { lambda }, act) => {
    await world.person.ask(name, lambda.work.of?.runId);
    return act();
  },
});

const events: Fault[] = [
  {
    name: "is lost",
    fits: isOf("event"),
    isPassing: true,
    around: async () => undefined as never,
  },
  {
    name: "comes twice",
    fits: isOf("event"),
    isPassing: true,
    around: async (_, __, act) => {
      await act();
      return act();
    },
  },
  {
    name: "comes an hour late",
    fits: isOf("event"),
    isPassing: true,
    around: async (world, _, act) => {
      await world.clock.sleep(3_600);
      return act();
    },
  },
];

/** Every kind of fault that ledger.md, section 2, asks for, and what people do meanwhile. */
export const FAULTS: readonly Fault[] = [
  ...[fails, lost, overtaken, doubled, frozen, unheard, dies, stale],
  ...[throttled(1), throttled(9), unknown(1), unknown(3), aborted],
  ...[outage(5, true), outage(120, false), outage(900, false), outage(7_200, false)],
  ...[person("cancel"), person("delete"), ...events],
];

/**
 * Those that differ most in what they leave behind, few enough to try every pair of them. A Lambda that comes late was
 * as good as dead until then, so those that die are not among them.
 */
export const PAIRED: readonly Fault[] = FAULTS.filter(
  (fault) =>
    [frozen, unheard, aborted].includes(fault) || /throttled 9|lost, 3|120 s|cancel|is lost/.test(fault.name),
);
