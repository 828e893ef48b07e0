import { randomUUID } from "node:crypto";
import type { Behaviour } from "./behaviours.ts";
import type { Commission } from "./bfl-request.ts";

/** An order that was accepted, and what has been asked about it. */
export type Order = Commission & {
  readonly id: string;
  readonly behaviour: Behaviour;
  readonly placedAt: number;
  /** Names the picture's address, which is all that is needed to fetch it. */
  readonly signature: string;
  polls: number;
  fetches: number;
  isEnded: boolean;
};

/** Documented: so many tasks may be active at once. */
const MAX_ACTIVE = 24;
const MAX_ACTIVE_KONTEXT_MAX = 6;
/** Models draw whether or not they are asked, so an order that nobody polls is not active for ever. */
const ACTIVE_MILLISECONDS = 60_000;
/** Results are kept for ten minutes. */
const KEPT_MILLISECONDS = 600_000;

export class Orders {
  readonly #orders = new Map<string, Order>();

  isFull(model: string): boolean {
    const since = Date.now() - ACTIVE_MILLISECONDS;
    const active = [...this.#orders.values()].filter(({ isEnded, placedAt }) => !isEnded && placedAt > since);
    const max = active.filter((order) => order.model === "flux-kontext-max").length;
    return active.length >= MAX_ACTIVE || (model === "flux-kontext-max" && max >= MAX_ACTIVE_KONTEXT_MAX);
  }

  place(commission: Commission, behaviour: Behaviour): Order {
    const placedAt = Date.now();
    for (const [id, old] of this.#orders)
      if (old.placedAt < placedAt - KEPT_MILLISECONDS) this.#orders.delete(id);
    const order: Order = {
      ...commission,
      id: randomUUID(),
      signature: randomUUID(),
      behaviour,
      placedAt,
      polls: 0,
      fetches: 0,
      isEnded: false,
    };
    this.#orders.set(order.id, order);
    return order;
  }

  find(id: string): Order | undefined {
    return this.#orders.get(id);
  }
}
