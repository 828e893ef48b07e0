import { LambdaServiceError } from "../lambda/outcome.ts";
import type { Database } from "../states/database.ts";
import type { Invoke } from "../states/task.ts";

/** Waits before the second and the third try. AWS waits one and two minutes, which nobody sits through locally. */
const RETRY_DELAYS_MS = [2_000, 15_000];
/** A throttled function is not at fault: the event waits for it, uncounted. */
const THROTTLED_DELAY_MS = 1_000;
const AT_ONCE = 4;

export type Delivery = {
  readonly id: number;
  readonly rule: string;
  readonly functionArn: string;
  readonly payload: string;
  readonly tries: number;
  readonly state: "waiting" | "dead";
  readonly lastError: string | null;
};

export type DeliveriesOptions = {
  readonly database: Database;
  readonly invoke: Invoke;
  readonly log: (line: string) => void;
  readonly retryDelaysMs?: readonly number[];
};

const COLUMNS = `id, rule, function_arn as "functionArn", payload, tries, state, last_error as "lastError"`;

/**
 * Events on their way to functions, kept in the database until a function has taken them: whatever dies in between,
 * an event is delivered at least once. One that fails every try stays, dead, for people to look at.
 */
export class Deliveries {
  readonly #options: DeliveriesOptions;
  readonly #underWay = new Map<number, Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;

  constructor(options: DeliveriesOptions) {
    this.#options = options;
  }

  /** Takes an event. Within a transaction it goes with it: nothing is sent before the next turn. */
  add(rule: string, functionArn: string, payload: string): void {
    this.#options.database
      .prepare("insert into delivery (rule, function_arn, payload, due_ms) values (?, ?, ?, ?)")
      .run(rule, functionArn, payload, Date.now());
    this.#wake(0);
  }

  start(): void {
    this.#isRunning = true;
    this.#wake(0);
  }

  /** Sends nothing more. What is being delivered is not waited for: it will be delivered again. */
  stop(): void {
    this.#isRunning = false;
    clearTimeout(this.#timer);
  }

  pending(): Delivery[] {
    return this.#options.database.prepare(`select ${COLUMNS} from delivery order by id`).all() as Delivery[];
  }

  #wake(inMs: number): void {
    if (!this.#isRunning) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#sendDue(), inMs);
  }

  #sendDue(): void {
    const due = this.#options.database
      .prepare(`select ${COLUMNS} from delivery where state = 'waiting' and due_ms <= ? order by id limit ?`)
      .all(Date.now(), AT_ONCE + this.#underWay.size) as Delivery[];
    const room = AT_ONCE - this.#underWay.size;
    for (const delivery of due.filter(({ id }) => !this.#underWay.has(id)).slice(0, room)) {
      this.#underWay.set(delivery.id, this.#send(delivery));
    }
    const next = this.#options.database
      .prepare("select min(due_ms) as at from delivery where state = 'waiting' and due_ms > ?")
      .get(Date.now()) as { at: number | null };
    if (next.at !== null) this.#wake(Math.max(0, next.at - Date.now()));
  }

  async #send(delivery: Delivery): Promise<void> {
    const problem = await this.#attempt(delivery);
    this.#underWay.delete(delivery.id);
    if (!this.#isRunning) return;
    if (problem === null) {
      this.#options.database.prepare("delete from delivery where id = ?").run(delivery.id);
    } else if (problem instanceof LambdaServiceError && problem.name === "TooManyRequestsException") {
      this.#postpone(delivery, delivery.tries, THROTTLED_DELAY_MS, problem.message);
    } else {
      this.#fail(delivery, problem.message);
    }
    this.#wake(0);
  }

  async #attempt({ functionArn, payload }: Delivery): Promise<Error | null> {
    try {
      const outcome = await this.#options.invoke(functionArn, payload);
      return outcome.isError ? new Error(outcome.body) : null;
    } catch (error) {
      return error as Error;
    }
  }

  #fail(delivery: Delivery, message: string): void {
    const delays = this.#options.retryDelaysMs ?? RETRY_DELAYS_MS;
    const delay = delays[delivery.tries];
    if (delay !== undefined) {
      this.#postpone(delivery, delivery.tries + 1, delay, message);
      return;
    }
    this.#options.database
      .prepare("update delivery set state = 'dead', tries = tries + 1, last_error = ? where id = ?")
      .run(message, delivery.id);
    this.#options.log(`rule ${delivery.rule}: an event could not be delivered: ${message.slice(0, 300)}`);
  }

  #postpone({ id }: Delivery, tries: number, delayMs: number, message: string): void {
    this.#options.database
      .prepare("update delivery set tries = ?, due_ms = ?, last_error = ? where id = ?")
      .run(tries, Date.now() + delayMs, message, id);
  }
}
