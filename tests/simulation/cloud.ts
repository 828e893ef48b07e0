import { Generations } from "@imgpilot/core/generations";
import type { ExecutionInput, ImageStepInput, Workflow } from "@imgpilot/core/runs/workflow";
import { synthesised } from "@imgpilot/testkit/assembly";
import { type Definition, execute, type Walked } from "@imgpilot/testkit/state-machine";
import { through } from "./gate.ts";
import { Lambda } from "./lambda.ts";
import type { World } from "./world.ts";

const { definition, functions } = synthesised();
export const DEPLOYED: Definition = definition;

/** How long a function may run, as deployed. */
export function secondsOf(name: string): number {
  const found = functions.get(name)?.timeoutSeconds;
  if (!found) throw new Error(`no function ${name} is deployed`);
  return found;
}

/** What the state machine was told by a step: its answer, or the error. */
type Told = { readonly step: string; readonly answer?: unknown; readonly error?: Error };

type Execution = {
  readonly input: ExecutionInput;
  readonly told: Told[];
  status: "RUNNING" | Walked["status"];
  walked: Walked | null;
};

const EVENT_TRIES = 3;

/** Step Functions, with the synthesised state machine, and EventBridge behind it. */
export class Cloud {
  readonly executions = new Map<string, Execution>();
  readonly #world: World;
  readonly #definition: Definition;

  constructor(world: World, definition: Definition) {
    this.#world = world;
    this.#definition = definition;
  }

  /** What the Lambdas are given. */
  readonly workflow: Workflow = {
    start: (input) =>
      through({ name: "start", kind: "engine", hasEffect: true }, async () => this.#start(input)),
    stop: (runId) =>
      through({ name: "stop", kind: "engine", hasEffect: true }, async () => this.end(runId, "ABORTED")),
    state: (runId) =>
      through({ name: "describe", kind: "engine", hasEffect: false }, async () => {
        const status = this.executions.get(runId)?.status;
        return status === undefined ? "absent" : status === "RUNNING" ? "running" : "ended";
      }),
    failedIn: async (runId) => {
      const execution = this.executions.get(runId);
      return execution?.status === "FAILED" ? (execution.walked?.path.at(-1) ?? null) : null;
    },
    redrive: async (runId) => {
      const execution = this.executions.get(runId);
      const state = execution?.walked?.path.at(-1);
      if (!execution || !state) throw new Error(`${runId} cannot be redriven`);
      execution.status = "RUNNING";
      this.#walk(execution, { ...this.#definition, StartAt: state });
    },
  };

  #start(input: ExecutionInput): void {
    if (this.executions.has(input.runId)) return;
    const execution: Execution = { input, told: [], status: "RUNNING", walked: null };
    this.executions.set(input.runId, execution);
    this.#walk(execution, this.#definition);
  }

  #walk(execution: Execution, definition: Definition): void {
    const { clock, random, stretch } = this.#world;
    const { input } = execution;
    const isStopped = () => execution.status !== "RUNNING";
    const tasks = this.#tasks(execution.told);
    const walking = execute(definition, { input, clock, random, stretch, isStopped, tasks });
    clock.fork(async () => {
      const result = await clock.join(walking);
      if (result === "timeout" || !result.ok) throw new Error("the interpreter failed", { cause: result });
      execution.walked = result.value;
      this.end(input.runId, result.value.status);
    });
  }

  /** An execution ends once; its event is delivered, as far as it is. */
  end(runId: string, status: Walked["status"]): void {
    const execution = this.executions.get(runId);
    if (execution?.status !== "RUNNING") return;
    execution.status = status;
    const { clock, gate } = this.#world;
    const bridge = new Lambda(gate, "EventBridge", { name: "EventBridge", seconds: 0, act: async () => {} });
    const deliver = { name: "event", kind: "event", hasEffect: true } as const;
    clock.fork(() => gate.pass(bridge, deliver, () => this.#deliver(runId)));
  }

  /** Lambda tries an event that fails twice more, then it is left to the dead-letter queue. */
  async #deliver(runId: string): Promise<void> {
    const { ctx, clock } = this.#world;
    const name = "execution-ended";
    for (let tries = 1; tries <= EVENT_TRIES; tries++)
      try {
        const act = () => Generations.executionEnded(ctx, { runId });
        await this.#world.invoke({ name, seconds: secondsOf(name), act, of: { runId, image: -1 } });
        return;
      } catch {
        await clock.sleep(60 * tries);
      }
  }

  #tasks(told: Told[]) {
    const { ctx } = this.#world;
    type Step<Input> = (input: Input) => Promise<unknown>;
    const run = (name: string, step: Step<{ runId: string }>) => this.#task(told, name, step);
    const draw = (name: string, step: Step<ImageStepInput>) => this.#task(told, name, step);
    return {
      ReserveCredits: run("ReserveCredits", (input) => Generations.reserveCredits(ctx, input)),
      SubmitImage: draw("SubmitImage", (input) => Generations.submitImage(ctx, input)),
      PollImage: draw("PollImage", (input) => Generations.pollImage(ctx, input)),
      StoreImage: draw("StoreImage", (input) => Generations.storeImage(ctx, input)),
      CommitCredits: run("CommitCredits", (input) => Generations.settleCredits(ctx, input, "CommitCredits")),
      RefundCredits: run("RefundCredits", (input) => Generations.settleCredits(ctx, input, "RefundCredits")),
    };
  }

  #task<Input extends { runId: string; image?: number }>(
    told: Told[],
    state: string,
    act: (input: Input) => Promise<unknown>,
  ) {
    const seconds = secondsOf(state.replace(/[a-z](?=[A-Z])/g, "$&-").toLowerCase());
    return async (input: Input) => {
      const { runId, image = -1 } = input;
      const name = image < 0 ? state : `${state}[${image}]`;
      const work = { name, seconds, act: () => act(input), isTask: true, of: { runId, image } };
      try {
        const answer = await this.#world.invoke(work);
        told.push({ step: name, answer });
        return answer;
      } catch (error) {
        told.push({ step: name, error: error as Error });
        throw error;
      }
    };
  }
}
