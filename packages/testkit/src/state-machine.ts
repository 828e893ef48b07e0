import { type ContextObject, payload, placeResult, template, valueAt } from "./asl/data.ts";
import { check, type Definition, type Json, type Rule, type State } from "./asl/definition.ts";
import { asError, covers, Halted, StatesError } from "./asl/errors.ts";
import { chosen, delaySeconds, eventsOf, parameters, waitSeconds } from "./asl/state.ts";
import { type Fiber, type Result, VirtualClock } from "./virtual-clock.ts";

export type { Definition, Json } from "./asl/definition.ts";

export type Walk = {
  readonly input: unknown;
  /**
   * What each Task state does, by its name. What it throws is known to the machine by `error.name`. It takes no time but
   * what it sleeps on the clock; past its `TimeoutSeconds` it goes on with nobody listening, as a Lambda does.
   */
  readonly tasks: Readonly<Record<string, (input: never) => Promise<unknown>>>;
  readonly clock?: VirtualClock;
  /** 0 to 1: which part of a jittered delay is waited for; all of it, if left out. */
  readonly random?: () => number;
  /** How long a Wait of so many seconds takes in truth: never less; the same, if left out. */
  readonly stretch?: (seconds: number) => number;
  /** Asked before each state: true is StopExecution. */
  readonly isStopped?: () => boolean;
};

export type Walked = {
  readonly status: "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";
  readonly output: Json;
  readonly error: { readonly name: string; readonly cause: string } | null;
  /** The states in the order in which they were entered; within a Map with the index of the item, `SubmitImage[2]`. */
  readonly path: readonly string[];
  readonly seconds: number;
  /** How many events Step Functions would have written into the history. */
  readonly events: number;
};

/**
 * Walks a definition, the very JSON that is deployed, in virtual time. Items of a Map run as many at once as it allows,
 * one step at a time, in an order that depends on the clock's `pick` alone.
 */
export async function walk(definition: Definition, walk: Walk): Promise<Walked> {
  const clock = walk.clock ?? new VirtualClock();
  return clock.run(execute(definition, { ...walk, clock }));
}

/** The same beside its caller, so that much else can happen on the clock meanwhile. */
export function execute(definition: Definition, walk: Walk & { clock: VirtualClock }): Fiber<Walked> {
  return new Machine(check(definition), walk, walk.clock).execute();
}

class Machine {
  readonly #definition: Definition;
  readonly #walk: Walk;
  readonly #clock: VirtualClock;
  readonly #path: string[] = [];
  #events = 2;
  #halted: "TIMED_OUT" | "ABORTED" | null = null;

  constructor(definition: Definition, walk: Walk, clock: VirtualClock) {
    this.#definition = definition;
    this.#walk = walk;
    this.#clock = clock;
  }

  execute(): Fiber<Walked> {
    const started = this.#clock.now;
    const scope = { context: {}, suffix: "", siblings: { failed: false } };
    const main = this.#clock.fork(() => this.#run(this.#definition, payload(this.#walk.input), scope));
    return this.#clock.fork(async () => {
      const result = await this.#clock.join(main, this.#definition.TimeoutSeconds);
      if (result === "timeout") this.#halted = "TIMED_OUT";
      const seconds = this.#clock.now - started;
      return { ...this.#ending(result), path: this.#path, seconds, events: this.#events };
    });
  }

  #ending(result: Result<Json> | "timeout"): Pick<Walked, "status" | "output" | "error"> {
    if (result === "timeout") return { status: "TIMED_OUT", output: null, error: null };
    if (result.ok) return { status: "SUCCEEDED", output: result.value, error: null };
    const error = asError(result.error);
    if (error instanceof Halted) return { status: "ABORTED", output: null, error: null };
    return { status: "FAILED", output: null, error: { name: error.name, cause: error.message } };
  }

  async #run(definition: Definition, start: Json, scope: Scope): Promise<Json> {
    let name: string | undefined = definition.StartAt;
    let data = start;
    while (name) {
      await this.#turn(scope);
      const state: State = definition.States[name] as State;
      this.#path.push(name + scope.suffix);
      this.#events += eventsOf(state);
      const step: Step = await this.#enter(state, name, data, scope);
      data = payload(step.output);
      name = step.next;
    }
    return data;
  }

  /** Lets others go first, and ends here if the machine was stopped meanwhile, or a sibling failed the Map. */
  async #turn(scope: Scope): Promise<void> {
    await this.#clock.sleep(0);
    if (this.#walk.isStopped?.()) this.#halted ??= "ABORTED";
    if (this.#halted || scope.siblings.failed) throw new Halted();
  }

  /** One state with its Retry and Catch. */
  async #enter(state: State, name: string, input: Json, scope: Scope): Promise<Step> {
    const retried = new Map<Rule, number>();
    for (;;) {
      try {
        return await this.#perform(state, name, input, scope.context);
      } catch (thrown) {
        const error = asError(thrown);
        if (error instanceof Halted) throw error;
        const rule = state.Retry?.find((retrier) => covers(retrier, error));
        const tries = rule ? (retried.get(rule) ?? 0) : 0;
        if (rule && tries < (rule.MaxAttempts ?? 3)) {
          retried.set(rule, tries + 1);
          await this.#clock.sleep(delaySeconds(rule, tries, this.#walk.random?.() ?? 1));
          await this.#turn(scope);
          continue;
        }
        const catcher = state.Catch?.find((candidate) => covers(candidate, error));
        if (!catcher) throw error;
        const caught = { Error: error.name, Cause: error.message };
        return { output: placeResult(catcher.ResultPath, input, caught), next: catcher.Next };
      }
    }
  }

  async #perform(state: State, name: string, raw: Json, context: ContextObject): Promise<Step> {
    const input = state.InputPath === null ? {} : valueAt(state.InputPath ?? "$", raw, context);
    const go = (result: Json, next = state.Next): Step => ({
      output: state.OutputPath === null ? {} : valueAt(state.OutputPath ?? "$", result, context),
      ...(next === undefined ? {} : { next }),
    });
    const asResult = (result: Json) => {
      const selected = state.ResultSelector ? template(state.ResultSelector, result, context) : result;
      return go(placeResult(state.ResultPath, raw, selected));
    };
    switch (state.Type) {
      case "Task":
        return asResult(await this.#task(state, name, parameters(state, input, context)));
      case "Map":
        return asResult(await this.#map(state, input, context));
      case "Pass":
        return asResult(state.Result ?? parameters(state, input, context));
      case "Wait":
        await this.#wait(waitSeconds(state, input, context));
        return go(input);
      case "Choice":
        return go(input, chosen(state, input));
      case "Succeed":
        return go(input);
      case "Fail":
        throw new StatesError(state.Error ?? "States.TaskFailed", state.Cause ?? "");
    }
  }

  async #wait(seconds: number): Promise<void> {
    await this.#clock.sleep(this.#walk.stretch?.(seconds) ?? seconds);
  }

  async #task(state: State, name: string, input: Json): Promise<Json> {
    const act = this.#walk.tasks[name];
    if (!act) throw new Error(`no task ${name} is given`);
    this.#events += TRY_EVENTS;
    const call = this.#clock.fork(() => act(structuredClone(input) as never));
    const result = await this.#clock.join(call, state.TimeoutSeconds);
    if (result === "timeout")
      throw new StatesError("States.Timeout", `${name} took more than ${state.TimeoutSeconds} s`);
    if (!result.ok) throw result.error;
    return payload(result.value);
  }

  async #map(state: State, input: Json, context: ContextObject): Promise<Json> {
    const items = valueAt(state.ItemsPath ?? "$", input, context);
    if (!Array.isArray(items)) throw new StatesError("States.Runtime", "a Map needs an array");
    const processor = state.ItemProcessor as Definition;
    const siblings = { failed: false };
    const outputs: Json[] = [];
    const waiting = [...items.entries()];
    const work = async () => {
      for (let item = waiting.shift(); item; item = waiting.shift()) {
        const [index, value] = item;
        this.#events += ITEM_EVENTS;
        const own = { ...context, Map: { Item: { Index: index, Value: value } } };
        const start = state.ItemSelector ? template(state.ItemSelector, input, own) : value;
        outputs[index] = await this.#run(processor, payload(start), {
          context,
          suffix: `[${index}]`,
          siblings,
        });
      }
    };
    const workers = Array.from({ length: Math.min(state.MaxConcurrency || 40, items.length) }, () =>
      this.#clock.fork(work),
    );
    await this.#clock.joinAll(workers);
    const failure = workers.find(({ result }) => result?.ok === false)?.result;
    if (failure?.ok === false) {
      siblings.failed = true;
      throw failure.error;
    }
    return outputs;
  }
}

type Step = { output: Json; next?: string };

/** Where states run: at the top, or as one item of a Map, which all end when one of them fails. */
type Scope = {
  readonly context: ContextObject;
  readonly suffix: string;
  readonly siblings: { failed: boolean };
};

/** Scheduled, started, and succeeded or failed. */
const TRY_EVENTS = 3;
/** Started and succeeded. */
const ITEM_EVENTS = 2;
