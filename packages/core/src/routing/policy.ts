import type { Provider } from "@imgpilot/contract/catalogue";
import type { RunRoute } from "../runs/index.ts";
import type { GateRoute, Lane } from "./gate.ts";

export type BreakerPolicy = {
  readonly windowSeconds: number;
  /** A share of fewer calls than this says nothing. */
  readonly minCalls: number;
  /** From this share of failures on, 0 to 1. */
  readonly failureShare: number;
  /** For routes too quiet for shares: this many failures with no answer between them. */
  readonly failuresInARow: number;
  /** The first time. Each probe that fails doubles it, up to `maxOpenSeconds`. */
  readonly openSeconds: number;
  readonly maxOpenSeconds: number;
  /** A lease that nobody renews or gives back ends by itself: longer than a Lambda can hold a call. */
  readonly leaseSeconds: number;
};

/** As in `providers.md` 8. */
export const BREAKER: BreakerPolicy = {
  windowSeconds: 60,
  minCalls: 10,
  failureShare: 0.5,
  failuresInARow: 5,
  openSeconds: 30,
  maxOpenSeconds: 300,
  leaseSeconds: 280,
};

/** Between two polls there are ten seconds at most; this outlives a few that fail. */
export const POLLED_LEASE_SECONDS = 60;

/** Where the limit is on calls at once, and not on their rate (`providers.md` 2), a little below what is documented. */
const PROVIDER_LIMITS: Readonly<Partial<Record<Provider, number>>> = { bfl: 22 };
const UPSTREAM_LIMITS: Readonly<Record<string, number>> = { "bfl/flux-kontext-max": 5 };

/** A route's breaker is that of the upstream model at this provider, whichever product it is called for. */
export function gateRouteOf({ provider, upstream }: Pick<RunRoute, "provider" | "upstream">): GateRoute {
  const name = `${provider}/${upstream}`;
  const lanes: Lane[] = [];
  const whole = PROVIDER_LIMITS[provider];
  if (whole !== undefined) lanes.push({ name: provider, max: whole });
  const own = UPSTREAM_LIMITS[name];
  if (own !== undefined) lanes.push({ name, max: own });
  return { name, lanes };
}
