import type { FunctionSpec } from "../assembly/model.ts";
import type { FunctionLog } from "./function-log.ts";
import { type Outcome, tooManyRequests } from "./outcome.ts";
import { Sandbox } from "./sandbox.ts";

/** Sandboxes of one function at most; more invocations than this wait for a free one. */
const MAX_SANDBOXES = 10;
/** Sandboxes loading at once. Loading costs a processor; mostly another falls free before it would be done. */
const MAX_LOADING = 2;
/** A sandbox that was not needed for so long is stopped, but for the last one. */
const IDLE_MS = 60_000;

type Waiting = { event: string; end: (outcome: Outcome) => void };

/** The sandboxes of one function: as many as there are invocations at the same time, kept warm for the next. */
export class FunctionPool {
  readonly #spec: FunctionSpec;
  readonly #environment: Record<string, string>;
  readonly #log: FunctionLog;
  readonly #all = new Set<Sandbox>();
  readonly #idle: { sandbox: Sandbox; timer: NodeJS.Timeout }[] = [];
  readonly #waiting: Waiting[] = [];
  #loading = 0;
  #underWay = 0;
  #isClosed = false;

  constructor(spec: FunctionSpec, environment: Record<string, string>, log: FunctionLog) {
    this.#spec = spec;
    this.#environment = environment;
    this.#log = log;
  }

  /**
   * Runs one event (JSON).
   * @throws LambdaServiceError TooManyRequestsException above the function's reserved concurrency
   */
  async invoke(event: string): Promise<Outcome> {
    const { reservedConcurrency } = this.#spec;
    if (reservedConcurrency !== null && this.#underWay >= reservedConcurrency) throw tooManyRequests();
    this.#underWay += 1;
    try {
      const { promise, resolve } = Promise.withResolvers<Outcome>();
      this.#waiting.push({ event, end: resolve });
      this.#match();
      return await promise;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Has one sandbox ready. Answers what is wrong with the bundle, or null. */
  warm(): Promise<Outcome | null> {
    return this.#add();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const { timer } of this.#idle) clearTimeout(timer);
    await Promise.all([...this.#all].map((sandbox) => sandbox.stop()));
    await this.#log.close();
  }

  /** Gives waiting events to idle sandboxes, and loads another where none is left. */
  #match(): void {
    while (this.#waiting.length > 0 && this.#idle.length > 0) {
      const { sandbox, timer } = this.#idle.pop() as { sandbox: Sandbox; timer: NodeJS.Timeout };
      clearTimeout(timer);
      if (sandbox.isAlive) void this.#run(sandbox, this.#waiting.shift() as Waiting);
      else this.#all.delete(sandbox);
    }
    const missing = this.#waiting.length - this.#loading;
    const room = Math.min(MAX_LOADING - this.#loading, MAX_SANDBOXES - this.#all.size);
    for (let added = 0; added < Math.min(missing, room); added += 1) void this.#add();
  }

  async #add(): Promise<Outcome | null> {
    if (this.#isClosed) return null;
    const sandbox = new Sandbox(this.#spec, this.#environment, this.#log);
    this.#all.add(sandbox);
    this.#loading += 1;
    const problem = await sandbox.loaded();
    this.#loading -= 1;
    if (problem) {
      this.#all.delete(sandbox);
      await sandbox.stop();
      // As on AWS, the invocation the sandbox was made for is answered with what kept it from loading.
      this.#waiting.shift()?.end(problem);
      this.#match();
    } else {
      this.#release(sandbox);
    }
    return problem;
  }

  async #run(sandbox: Sandbox, { event, end }: Waiting): Promise<void> {
    end(await sandbox.invoke(event));
    this.#release(sandbox);
  }

  #release(sandbox: Sandbox): void {
    if (sandbox.isAlive) {
      const timer = setTimeout(() => void this.#retire(sandbox), IDLE_MS).unref();
      this.#idle.push({ sandbox, timer });
    } else {
      this.#all.delete(sandbox);
    }
    this.#match();
  }

  async #retire(sandbox: Sandbox): Promise<void> {
    const index = this.#idle.findIndex((entry) => entry.sandbox === sandbox);
    if (index < 0 || this.#all.size <= 1) return;
    this.#idle.splice(index, 1);
    this.#all.delete(sandbox);
    await sandbox.stop();
  }
}
