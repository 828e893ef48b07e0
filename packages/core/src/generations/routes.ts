import { MODELS, type Model } from "@imgpilot/contract/catalogue";
import type { Order } from "@imgpilot/contract/generations";
import type { RunRoute } from "../runs/index.ts";
import { type Demand, shortcomings } from "./abilities.ts";

/** What the choice of routes depends on: the order, with what is known about its references. */
export type RoutableOrder = Demand & Pick<Order, "model" | "fallback">;

/**
 * Who may be called for an order, in this order (architecture.md, workflow rule 13; promise C3). The model's own
 * routes come first; with `any-model` those of every other model that can do the whole request follow, in the
 * catalogue's order; with `none` there is one route. The price is frozen by the order's own model, so none of
 * these is ever charged above the quote.
 */
export function routesFor(order: RoutableOrder, catalogue: readonly Model[] = MODELS): RunRoute[] {
  const own = catalogue.filter((model) => model.id === order.model);
  const others = catalogue.filter(
    (model) => model.id !== order.model && shortcomings(order, model).length === 0,
  );
  const models = order.fallback === "any-model" ? [...own, ...others] : own;
  const routes = models.flatMap((model) => model.routes.map((route) => ({ ...route, product: model.id })));
  return order.fallback === "none" ? routes.slice(0, 1) : routes;
}
