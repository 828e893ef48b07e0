import type { Context } from "@imgpilot/core/context";
import { Refusal } from "@imgpilot/core/errors";
import { Generations, ProviderError } from "@imgpilot/core/generations";
import { OPEN_GATE, type Gate as RouteGate } from "@imgpilot/core/routing/gate";
import type { Definition } from "@imgpilot/testkit/state-machine";
import { VirtualClock } from "@imgpilot/testkit/virtual-clock";
import { Cloud, DEPLOYED, secondsOf } from "./cloud.ts";
import { Gate, isInjected, type Plan } from "./gate.ts";
import { Lambda, type Work } from "./lambda.ts";
import type { Lane } from "./lane.ts";
import { type Ordered, Person } from "./person.ts";
import { pictures } from "./pictures.ts";
import { Providers, type Script } from "./providers.ts";

export type Setting = {
  readonly orders: readonly Ordered[];
  readonly script: Script;
  readonly plan: Plan;
  readonly definition?: Definition;
  /** 0 to 1. */
  readonly random?: () => number;
  readonly pick?: (candidates: number) => number;
  /** Who is let through to the providers; without one, everybody. */
  readonly routeGate?: RouteGate;
  /** Waits of the state machine take so many times longer than they must: fewer polls, and the same ends. */
  readonly slowness?: number;
};

/** What a Lambda answered, whether or not it was heard. */
type Answer = { readonly name: string; readonly of: Work["of"]; readonly answer: unknown };

const MINUTE_SECONDS = 60;
/** What happens every minute is played for so many of them, then every tenth time. */
const CLOSELY_MINUTES = 5;
const THEN_MINUTES = 10;
/** By then the slowest net has settled everything: a day in the queue, and a bit. */
const PATIENCE_SECONDS = 26 * 3_600;

/** One schedule: everything that is not our code, on one clock, around the real steps and a real database. */
export class World {
  readonly lane: Lane;
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly stretch: (seconds: number) => number;
  readonly gate: Gate;
  readonly cloud: Cloud;
  readonly person: Person;
  readonly providers: Providers;
  readonly ctx: Context;
  readonly answers: Answer[] = [];
  /** What our code threw that nobody put in. */
  readonly crashes: unknown[] = [];
  readonly #invocations = new Map<string, number>();

  constructor(lane: Lane, setting: Setting) {
    const { orders, script, plan, definition, random, pick, routeGate = OPEN_GATE, slowness = 1 } = setting;
    this.lane = lane;
    this.clock = new VirtualClock(pick);
    this.random = random ?? (() => 0.5);
    this.stretch = (seconds) => seconds * slowness;
    this.gate = new Gate(this, plan);
    this.cloud = new Cloud(this, definition ?? DEPLOYED);
    this.person = new Person(this, orders);
    this.providers = new Providers(this.clock, script, this.gate.answered);
    this.ctx = {
      db: lane.db,
      objects: lane.objects,
      images: pictures,
      workflow: this.cloud.workflow,
      gate: routeGate,
      provider: async (name) => this.providers.of(name),
      report: (fault) => this.#noteCrash(fault),
    };
  }

  /** Invokes a Lambda: its answer, or what its caller is told instead. */
  invoke(work: Work): Promise<unknown> {
    const nth = (this.#invocations.get(work.name) ?? 0) + 1;
    this.#invocations.set(work.name, nth);
    const act = async () => {
      try {
        const answer = await work.act();
        this.answers.push({ name: work.name, of: work.of, answer });
        return answer;
      } catch (error) {
        this.#noteCrash(error);
        throw error;
      }
    };
    const lambda = new Lambda(this.gate, `${work.name}#${nth}`, { ...work, act });
    const call = { name: "call", kind: "call", hasEffect: true } as const;
    return this.gate.pass(lambda, call, () => lambda.answer());
  }

  /** Plays it to its end: nothing runs, and nothing is open or waits to land. */
  async play(pauseSeconds = 0): Promise<void> {
    this.clock.fork(() => this.person.order(pauseSeconds));
    do {
      await this.clock.run(this.clock.fork(() => this.#everyMinute()));
      await this.clock.drain();
      this.lane.moveTo(this.clock.now);
    } while (this.clock.now < PATIENCE_SECONDS && this.#isAnyOpen());
  }

  /** The jobs that the clock asks for, as long as there is anything to be done. */
  async #everyMinute(): Promise<void> {
    for (let minute = 1; this.clock.now < PATIENCE_SECONDS; minute++) {
      await this.clock.sleep(MINUTE_SECONDS * (minute > CLOSELY_MINUTES ? THEN_MINUTES : 1));
      if (this.person.isDone && !this.#isAnyOpen()) return;
      for (const [name, verb] of [
        ["sweep", Generations.sweep] as const,
        ["dispatch", Generations.dispatch] as const,
      ])
        this.clock.fork(() => this.invoke({ name, seconds: secondsOf(name), act: () => verb(this.ctx) }));
    }
  }

  /** Whether a run was made, and nobody settled it yet; read off the verbs' answers, which the books are held against. */
  #isAnyOpen(): boolean {
    const { answered } = this.gate;
    const made = answered.filter(({ verb, answer }) => verb === "generation_request" && answer === "created");
    const ended = answered.filter(({ verb }) => /^(run_settlement|generation_(cancel|remove))$/.test(verb));
    return made.some(
      ({ parameters: [id] }) => !ended.some(({ parameters: [of] }) => String(of).startsWith(String(id))),
    );
  }

  #noteCrash(error: unknown): void {
    const isRefusal = error instanceof Refusal && error.code === "generation.missing";
    const isScripted = error instanceof ProviderError;
    if (!isRefusal && !isScripted && !isInjected(error)) this.crashes.push(error);
  }
}
