import { AsyncLocalStorage } from "node:async_hooks";
import type { Fiber } from "@imgpilot/testkit/virtual-clock";
import type { Gate } from "./gate.ts";

const running = new AsyncLocalStorage<Lambda>();

/** The invocation that the caller runs in; none outside of a simulation. */
export const current = (): Lambda | undefined => running.getStore();

export const named = (name: string, message = name): Error => Object.assign(new Error(message), { name });

export type Work = {
  /** What is invoked, `SubmitImage[0]` or `sweep`. */
  readonly name: string;
  /** How long it may run. */
  readonly seconds: number;
  readonly act: () => Promise<unknown>;
  /** Whether who called it has a time limit of its own, and waits until then. */
  readonly isTask?: boolean;
  /** What a step is about; image is -1 where it is about the whole run. */
  readonly of?: { readonly runId: string; readonly image: number };
};

/** One invocation of a Lambda on the virtual clock: it can be killed, and go on unheard. */
export class Lambda {
  readonly gate: Gate;
  readonly work: Work;
  /** `SubmitImage[0]#2` is the second invocation of it. */
  readonly label: string;
  /** Frozen, and thawed when nobody waits any more: its time limit did not reach it (case d of the ledger). */
  isZombie = false;
  isDead = false;
  /** How often each of its operations was begun, by name. */
  readonly begun = new Map<string, number>();
  /** Ends with the operation that was begun last. */
  turn: Promise<unknown> = Promise.resolve();
  #fiber: Fiber<unknown> | null = null;

  constructor(gate: Gate, label: string, work: Work) {
    this.gate = gate;
    this.label = label;
    this.work = work;
  }

  /** What its caller is told. One that is out of time is killed, and its caller told so. */
  async answer(): Promise<unknown> {
    const { clock } = this.gate;
    const { act, seconds, isTask } = this.work;
    this.#fiber = clock.fork(() => running.run(this, act));
    let result = await clock.join(this.#fiber, seconds);
    if (result === "timeout" && this.isZombie && isTask) result = await clock.join(this.#fiber);
    if (result === "timeout") {
      this.isDead = !this.isZombie;
      throw named("Sandbox.Timedout", `${this.label} took more than ${seconds} s`);
    }
    if (!result.ok) throw result.error;
    return result.value;
  }

  /** Its caller is told that it failed, while it goes on. */
  cutOff(): void {
    if (this.#fiber) this.gate.clock.abandon(this.#fiber, named("Lambda.Unknown", `${this.label} was lost`));
  }

  /** Ends where it is: nothing after this is done. */
  die(): Promise<never> {
    this.isDead = true;
    this.cutOff();
    return this.gate.clock.halt();
  }
}
