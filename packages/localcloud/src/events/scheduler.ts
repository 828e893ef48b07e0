import { randomUUID } from "node:crypto";
import type { RuleSpec } from "../assembly/model.ts";
import type { Invoke } from "../states/task.ts";
import { type NextFire, parseSchedule } from "./schedule-expression.ts";

/** `setTimeout` cannot wait longer; a schedule further off is looked at again then. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export type SchedulerOptions = {
  readonly rules: readonly RuleSpec[];
  readonly account: string;
  readonly region: string;
  readonly invoke: Invoke;
  readonly log: (line: string) => void;
};

/** How a run of a schedule went: one entry for each function it calls. */
export type ScheduleRun = { readonly function: string; readonly ok: boolean; readonly answer: string };

type Job = {
  readonly rule: RuleSpec;
  readonly next: NextFire;
  timer?: NodeJS.Timeout;
  last: Promise<unknown>;
};

/**
 * Calls the functions of scheduled rules when their time has come. Runs of one rule never overlap: a run that takes
 * longer than its interval makes the next one late, not double.
 */
export class Scheduler {
  readonly #options: SchedulerOptions;
  readonly #jobs: Job[];
  #isRunning = false;

  /** @throws LocalCloudError when an expression cannot be read */
  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#jobs = options.rules.flatMap((rule) =>
      rule.schedule ? [{ rule, next: parseSchedule(rule.name, rule.schedule), last: Promise.resolve() }] : [],
    );
  }

  start(): void {
    this.#isRunning = true;
    for (const job of this.#jobs) this.#await(job, job.next(new Date()));
  }

  stop(): void {
    this.#isRunning = false;
    for (const { timer } of this.#jobs) clearTimeout(timer);
  }

  list(): { name: string; logicalId: string; schedule: string; functions: string[] }[] {
    return this.#jobs.map(({ rule }) => ({
      name: rule.name,
      logicalId: rule.logicalId,
      schedule: rule.schedule ?? "",
      functions: rule.targets.map((target) => functionName(target.functionArn)),
    }));
  }

  /** Runs a schedule now, after the run that is under way; null where there is none of that name. */
  async trigger(name: string): Promise<ScheduleRun[] | null> {
    const job = this.#jobs.find(
      ({ rule }) =>
        [rule.name, rule.logicalId].includes(name) ||
        rule.targets.some((target) => functionName(target.functionArn) === name),
    );
    return job ? this.#run(job) : null;
  }

  #await(job: Job, at: Date | null): void {
    if (!this.#isRunning || at === null) return;
    const waitMs = at.getTime() - Date.now();
    if (waitMs > LONGEST_WAIT_MS) {
      job.timer = setTimeout(() => this.#await(job, at), LONGEST_WAIT_MS);
      return;
    }
    job.timer = setTimeout(async () => {
      for (const run of await this.#run(job)) {
        if (!run.ok && this.#isRunning)
          this.#options.log(`schedule ${job.rule.name}: ${run.answer.slice(0, 300)}`);
      }
      this.#await(job, job.next(new Date()));
    }, waitMs);
  }

  #run(job: Job): Promise<ScheduleRun[]> {
    const run = job.last.then(() => this.#callTargets(job.rule));
    job.last = run;
    return run;
  }

  #callTargets(rule: RuleSpec): Promise<ScheduleRun[]> {
    return Promise.all(
      rule.targets.map(async ({ functionArn, input }) => {
        const name = functionName(functionArn);
        try {
          const outcome = await this.#options.invoke(functionArn, input ?? this.#event(rule));
          return { function: name, ok: !outcome.isError, answer: outcome.body };
        } catch (error) {
          return { function: name, ok: false, answer: (error as Error).message };
        }
      }),
    );
  }

  #event(rule: RuleSpec): string {
    const { account, region } = this.#options;
    return JSON.stringify({
      version: "0",
      id: randomUUID(),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account,
      time: `${new Date().toISOString().slice(0, 19)}Z`,
      region,
      resources: [`arn:aws:events:${region}:${account}:rule/${rule.name}`],
      detail: {},
    });
  }
}

const functionName = (arn: string) => arn.split(":function:").pop() ?? arn;
