/**
 * Time that passes only when everybody waits for it, in seconds from 0.
 *
 * Whatever is forked runs one at a time: a fiber goes on, through real I/O too, until it sleeps, waits or ends; then the
 * one that is due next goes on. So a schedule depends on nothing but the program and `pick`, and an hour takes as long as
 * its work. Everything that waits must wait through this clock; a fiber that awaits another by a bare promise stalls it.
 */
export class VirtualClock {
  #now = 0;
  #running = 0;
  #turns: Turn[] = [];
  #idle: (() => void) | null = null;
  readonly #pick: (candidates: number) => number;

  /** `pick` says which of those that are due at the same time goes first; the one that waits longest, if left out. */
  constructor(pick: (candidates: number) => number = () => 0) {
    this.#pick = pick;
  }

  get now(): number {
    return this.#now;
  }

  /** Starts something that runs beside its caller, at the time that it is now. Its failure is for who joins it. */
  fork<T>(work: () => Promise<T>): Fiber<T> {
    const fiber: Fiber<T> = { result: null, waiters: [] };
    this.#enqueue(0, () => {
      work().then(
        (value) => this.#finish(fiber, { ok: true, value }),
        (error) => this.#finish(fiber, { ok: false, error }),
      );
    });
    return fiber;
  }

  async sleep(seconds: number): Promise<void> {
    await this.#pause((wake) => {
      this.#enqueue(seconds, wake);
    });
  }

  /** What the fiber comes to, or `timeout` after so many seconds; the fiber goes on then, with nobody listening. */
  async join<T>(fiber: Fiber<T>, timeoutSeconds = Number.POSITIVE_INFINITY): Promise<Result<T> | "timeout"> {
    if (!fiber.result)
      await this.#pause((wake) => {
        const limit = Number.isFinite(timeoutSeconds) ? this.#enqueue(timeoutSeconds, wake) : null;
        fiber.waiters.push(() => {
          // Unless the limit came first; one that did not must not move the clock any more.
          if (!limit || this.#drop(limit)) this.#enqueue(0, wake);
        });
      });
    return fiber.result ?? "timeout";
  }

  /** Who joins the fiber goes on with this error now; it goes on too, with nobody listening, as a Lambda does. */
  abandon(fiber: Fiber<unknown>, error: Error): void {
    this.#conclude(fiber, { ok: false, error });
  }

  /** Whoever awaits this stops here for ever, as what was killed does. */
  halt(): Promise<never> {
    return this.#pause(() => {}) as Promise<never>;
  }

  /** Until all of them have ended, or one has failed. */
  async joinAll(fibers: readonly Fiber<unknown>[]): Promise<void> {
    const settled = () =>
      fibers.every(({ result }) => result) || fibers.some(({ result }) => result?.ok === false);
    if (settled()) return;
    await this.#pause((wake) => {
      let woken = false;
      for (const fiber of fibers)
        fiber.waiters.push(() => {
          if (woken || !settled()) return;
          woken = true;
          this.#enqueue(0, wake);
        });
    });
  }

  /** Lets time pass until `fiber` ends. Called from outside of the clock, once at a time. */
  async run<T>(fiber: Fiber<T>): Promise<T> {
    await this.#turnUntil(() => fiber.result !== null);
    const { result } = fiber;
    if (!result) throw new Error("the clock stands still: a fiber waits for something that nobody will do");
    if (!result.ok) throw result.error;
    return result.value;
  }

  /** Lets time pass until nothing is waiting any more: late effects of what timed out have landed after it. */
  drain(): Promise<void> {
    return this.#turnUntil(() => false);
  }

  async #turnUntil(done: () => boolean): Promise<void> {
    while (!done()) {
      const turn = this.#next();
      if (!turn) return;
      this.#now = turn.at;
      this.#running++;
      turn.go();
      if (this.#running > 0)
        await new Promise<void>((idle) => {
          this.#idle = idle;
        });
    }
  }

  #next(): Turn | undefined {
    const at = Math.min(...this.#turns.map((turn) => turn.at));
    const due = this.#turns.filter((turn) => turn.at === at);
    const turn = due.length > 1 ? due[this.#pick(due.length)] : due[0];
    if (turn) this.#drop(turn);
    return turn;
  }

  #enqueue(seconds: number, go: () => void): Turn {
    const turn = { at: this.#now + seconds, go };
    this.#turns.push(turn);
    return turn;
  }

  #drop(turn: Turn): boolean {
    const index = this.#turns.indexOf(turn);
    if (index >= 0) this.#turns.splice(index, 1);
    return index >= 0;
  }

  #pause(register: (wake: () => void) => void): Promise<void> {
    return new Promise((resume) => {
      register(resume);
      this.#rest();
    });
  }

  #finish<T>(fiber: Fiber<T>, result: Result<T>): void {
    this.#conclude(fiber, result);
    this.#rest();
  }

  #conclude<T>(fiber: Fiber<T>, result: Result<T>): void {
    if (fiber.result) return;
    fiber.result = result;
    for (const wake of fiber.waiters) wake();
  }

  #rest(): void {
    this.#running--;
    if (this.#running === 0) this.#idle?.();
  }
}

type Turn = { readonly at: number; readonly go: () => void };
export type Result<T> = { ok: true; value: T } | { ok: false; error: unknown };
export type Fiber<T> = { result: Result<T> | null; readonly waiters: (() => void)[] };
