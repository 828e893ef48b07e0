import {
  imageCost,
  imagePrice,
  LOWEST_CREDIT_MICROS,
  MODELS,
  type Model,
  type Route,
} from "@imgpilot/contract/catalogue";
import type { Order } from "@imgpilot/contract/generations";
import type { RoutingSettings } from "@imgpilot/contract/routing";
import { DEFAULT_SETTINGS, isOn } from "../routing/index.ts";
import type { RunRoute } from "../runs/index.ts";
import { type Demand, shortcomings } from "./abilities.ts";

/** What the choice of routes depends on: the order, with what is known about its references. */
export type RoutableOrder = Demand & Pick<Order, "model" | "fallback">;

type Offer = {
  readonly catalogue?: readonly Model[];
  readonly today?: Date;
  readonly settings?: RoutingSettings;
};

/**
 * Who may be called for an order, in this order (architecture.md, workflow rule 13; promise C3). The model's own
 * routes come first; with `any-model` those of every other model that can do the whole request for that price follow;
 * with `none` there is one route, and what its provider replaced it by. The price is frozen by the
 * order's own model, so none of these is ever charged above the quote. With `any-model`, last, those that are called
 * after a block of a picture and for nothing else: none, unless the settings name some.
 */
export function routesFor(
  order: RoutableOrder,
  { catalogue = MODELS, today = new Date(), settings = DEFAULT_SETTINGS }: Offer = {},
): RunRoute[] {
  const own = catalogue.filter((model) => model.id === order.model);
  const others = catalogue.filter(
    (model) => model.id !== order.model && shortcomings(order, model).length === 0,
  );
  const routesOf = (model: Model) =>
    model.routes
      .map((route) => callable(order, model, route, today).filter((call) => isOn(settings, call)))
      .filter((calls) => calls.length > 0);
  if (order.fallback === "none") return own.flatMap(routesOf).slice(0, 1).flat();
  if (order.fallback === "same-model") return own.flatMap(routesOf).flat();
  const named = (settings.afterBlock[order.model] ?? []).flatMap((id) =>
    others.filter((model) => model.id === id),
  );
  const blocked = named.flatMap(routesOf).flat();
  const first = own.flatMap(routesOf).flat();
  return [
    ...first,
    ...standIns(others.flatMap(routesOf).flat(), { first, worth: worthOf(order, own) }),
    ...blocked.map((route) => ({ ...route, only: "moderated" as const })),
  ];
}

/** What the order is paid with, in USD micros at least. */
const worthOf = (order: RoutableOrder, own: readonly Model[]): number =>
  LOWEST_CREDIT_MICROS *
  Math.max(
    0,
    ...own.map((model) => imagePrice(model, { ...order, references: order.references.length }) ?? 0),
  );

/** Other models' routes: none that costs more than is paid, and first those of providers that were not asked before. */
function standIns(
  routes: readonly RunRoute[],
  { first, worth }: { readonly first: readonly RunRoute[]; readonly worth: number },
): RunRoute[] {
  const paid = routes.filter(({ costMicros }) => costMicros <= worth);
  const isAsked = ({ provider }: RunRoute) => first.some((route) => route.provider === provider);
  return [...paid.filter((route) => !isAsked(route)), ...paid.filter(isAsked)];
}

/** The routes of these whose upstream id has retired, for operators: something else is called in their place, or nothing. */
export const retiredRoutes = ({ routes }: Model, today = new Date()): Route[] =>
  routes.filter((route) => hasRetired(route, today));

/** The day begins at midnight UTC. */
const hasRetired = ({ retiresOn }: Route, today: Date) =>
  retiresOn !== undefined && today.getTime() >= Date.parse(retiresOn);

/** The calls that a route stands for: its id while that is served, and then the id that follows it. */
function callable(order: RoutableOrder, model: Model, route: Route, today: Date): RunRoute[] {
  const { provider, quality, upstream, successor, aspectRatios } = route;
  const costMicros = imageCost(route, { ...order, references: order.references.length });
  const isOfShape = aspectRatios?.includes(order.aspectRatio) ?? true;
  // Of a model that knows several, the routes of one are taken.
  const isOfQuality = !model.quality || quality === (order.quality ?? model.quality.usual);
  if (costMicros === null || !isOfShape || !isOfQuality) return [];
  const ids = [hasRetired(route, today) ? undefined : upstream, successor];
  return ids
    .filter((id) => id !== undefined)
    .map((id) => ({
      provider,
      upstream: id,
      product: model.id,
      costMicros,
      ...(quality === undefined ? {} : { quality }),
    }));
}
