import { randomUUID } from "node:crypto";
import type { Asked, Behaviour } from "./behaviours.ts";

/** What a queue was asked to draw, once it is found to be valid. */
export type Commission = Asked & {
  readonly aspectRatio: string;
  /** Times a megapixel's edge: 1 or 2. */
  readonly scale: 1 | 2 | 4;
  readonly format: "png" | "jpeg";
  readonly references: readonly Uint8Array[];
};

/** An order that a queue accepted, and what has been asked about it. */
export type QueuedOrder = Commission & {
  readonly id: string;
  readonly behaviour: Behaviour;
  readonly placedAt: number;
  polls: number;
  reads: number;
  fetches: number;
};

/** Results are kept for an hour. */
const KEPT_MILLISECONDS = 3_600_000;

/** The orders of one queue, by id. An id is all that is needed to ask, and to fetch the picture. */
export class QueuedOrders {
  readonly #orders = new Map<string, QueuedOrder>();

  place(commission: Commission, behaviour: Behaviour): QueuedOrder {
    const placedAt = Date.now();
    for (const [id, old] of this.#orders)
      if (old.placedAt < placedAt - KEPT_MILLISECONDS) this.#orders.delete(id);
    const id = randomUUID();
    const order = { ...commission, id, behaviour, placedAt, polls: 0, reads: 0, fetches: 0 };
    this.#orders.set(id, order);
    return order;
  }

  find(id: string): QueuedOrder | undefined {
    return this.#orders.get(id);
  }
}
