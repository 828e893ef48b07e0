import type { VirtualClock } from "@imgpilot/testkit/virtual-clock";
import type { Fault } from "./faults.ts";
import { current, type Lambda } from "./lambda.ts";
import type { World } from "./world.ts";

/** Something that a Lambda does to the world, or that is done to a Lambda. */
export type Operation = {
  readonly name: string;
  /** `call`: the invocation itself; `event`: the delivery of an execution's end. */
  readonly kind: "call" | "sql" | "object" | "provider" | "engine" | "event";
  /** Whether anything may be different after it. */
  readonly hasEffect: boolean;
};

/** One place in a schedule where a fault can happen. */
export type Site = Operation & {
  /** `StoreImage[0]#1 image_record#1`; the same in every schedule that is the same until there. */
  readonly label: string;
  readonly lambda: Lambda;
  /** Whether it fails in any case, because there is no database. */
  readonly isDown: boolean;
};

/** Which fault happens where. Asked once for each site, in the order in which they are reached. */
export type Plan = (site: Site) => Fault | null;

/** Where everything passes that can go wrong. Between any two operations, others may go first. */
export class Gate {
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly trace: Site[] = [];
  /** What the verbs in SQL answered, heard or not. */
  readonly answered: {
    readonly verb: string;
    readonly parameters: readonly unknown[];
    readonly answer: unknown;
  }[] = [];
  databaseIsDownUntil = 0;
  readonly #world: World;
  readonly #plan: Plan;

  constructor(world: World, plan: Plan) {
    this.#world = world;
    this.clock = world.clock;
    this.random = world.random;
    this.#plan = plan;
  }

  pass<T>(lambda: Lambda, operation: Operation, act: () => Promise<T>): Promise<T> {
    if (operation.kind === "call") return this.#pass(lambda, operation, act);
    // One after the other, what one Lambda does side by side: it can wait on the clock for one thing at a time.
    const turn = lambda.turn.then(() => this.#pass(lambda, operation, act));
    lambda.turn = turn.catch(() => {});
    return turn;
  }

  async #pass<T>(lambda: Lambda, operation: Operation, act: () => Promise<T>): Promise<T> {
    if (lambda.isDead) await this.clock.halt();
    await this.clock.sleep(0);
    const site = this.#site(lambda, operation);
    this.trace.push(site);
    const fault = this.#plan(site);
    const answer = fault ? await fault.around(this.#world, site, act) : await act();
    if (lambda.isDead) await this.clock.halt();
    return answer;
  }

  #site(lambda: Lambda, operation: Operation): Site {
    const nth = (lambda.begun.get(operation.name) ?? 0) + 1;
    lambda.begun.set(operation.name, nth);
    const isDown = operation.kind === "sql" && this.clock.now < this.databaseIsDownUntil;
    return { ...operation, lambda, isDown, label: `${lambda.label} ${operation.name}#${nth}` };
  }
}

/** Carries out an operation of the Lambda that is running; outside of a simulation, at once. */
export function through<T>(operation: Operation, act: () => Promise<T>): Promise<T> {
  const lambda = current();
  return lambda ? lambda.gate.pass(lambda, operation, act) : act();
}

const VERBS =
  /\b(generation_request|generation_cancel|generation_remove|run_claim|run_confirm|run_settlement|attempt_begin|attempt_finish|attempt_give_up|image_record)\(/;

/** A statement as an operation; the verbs are taken to have an effect. */
export function statement(text: string): Operation {
  const name = VERBS.exec(text)?.[1];
  return { name: name ?? "read", kind: "sql", hasEffect: name !== undefined };
}

const faulty = new WeakSet<object>();
export function injected(error: Error): Error {
  faulty.add(error);
  return error;
}
/** Whether it is, or was caused by, a fault that was put in. Anything else that a step throws is a bug. */
export function isInjected(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) if (faulty.has(at)) return true;
  return false;
}

/** As the driver fails when there is no server. */
export const refused = (): Error =>
  injected(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));
/** As the driver fails when the connection breaks before the answer is there. */
export const dropped = (): Error =>
  injected(Object.assign(new Error("write CONNECTION_CLOSED"), { code: "CONNECTION_CLOSED" }));
