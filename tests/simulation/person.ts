import { Generations } from "@imgpilot/core/generations";
import { type RunRequest, Runs } from "@imgpilot/core/runs";
import type { World } from "./world.ts";

/** What API Gateway waits for. */
const HTTP_SECONDS = 28;
const TRIES = 3;

export type Ordered = RunRequest;

/** Who asks for images, and maybe changes their mind; with the same key again where no answer comes. */
export class Person {
  readonly orders: readonly Ordered[];
  isDone = false;
  /** The generations that were made of the orders, as they were told. */
  readonly #made = new Map<Ordered, string>();
  readonly #world: World;

  constructor(world: World, orders: readonly Ordered[]) {
    this.#world = world;
    this.orders = orders;
  }

  /** One order after the other, each until it is answered. */
  async order(pauseSeconds = 0): Promise<void> {
    for (const order of this.orders) {
      await this.#insist("request", (tries) => this.#request(order, tries));
      await this.#world.clock.sleep(pauseSeconds);
    }
    this.isDone = true;
  }

  /** Cancels or deletes what the run is for, or the first order. */
  async ask(what: "cancel" | "delete", runId?: string): Promise<void> {
    const { ctx, clock, lane } = this.#world;
    const made = [...this.#made].find(([, id]) => runId?.startsWith(id)) ?? [...this.#made][0];
    if (!made) return;
    const [{ accountId }, generationId] = made;
    const verb = what === "cancel" ? Generations.cancel : Generations.remove;
    await this.#insist(what, () => verb(ctx, { accountId, generationId }));
    if (what === "cancel") return;
    clock.fork(async () => {
      await clock.sleep(60);
      lane.moveTo(clock.now);
      await lane.removeDue();
    });
  }

  /** Each request makes its own id, as ours do; the key says that it is the same order. */
  async #request(order: Ordered, tries: number): Promise<void> {
    const { ctx } = this.#world;
    const generationId = order.generationId.replace(/.$/, String.fromCharCode(64 + tries));
    const answer = await Runs.request(ctx.db, { ...order, generationId });
    if ("generationId" in answer) this.#made.set(order, answer.generationId);
    if (answer.status === "created") await Generations.dispatch(ctx, 5).catch(() => {});
  }

  async #insist(name: string, act: (tries: number) => Promise<unknown>): Promise<void> {
    for (let tries = 1; tries <= TRIES; tries++)
      try {
        await this.#world.invoke({ name, seconds: HTTP_SECONDS, act: () => act(tries) });
        return;
      } catch {
        await this.#world.clock.sleep(5);
      }
  }
}
