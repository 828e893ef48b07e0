import type { Context } from "../context.ts";
import type { Provider } from "../generations/provider.ts";
import type { RunRoute } from "../runs/index.ts";
import type { Outcome } from "./gate.ts";
import { gateRouteOf, POLLED_LEASE_SECONDS } from "./policy.ts";

/** One call of a provider, as leases are named by it. */
type CallKey = { readonly runId: string; readonly image: number; readonly n: number };

export type Admission =
  | { readonly verdict: "enter"; readonly route: RunRoute; readonly provider: Provider }
  | { readonly verdict: "wait"; readonly seconds: number }
  /** None of the providers can be called by us: their adapters or their keys are not there. */
  | { readonly verdict: "none"; readonly fault: unknown };

/**
 * The first of `candidates` that may be called now, with its provider. A provider that cannot be loaded, as one that
 * has no key here, is told of and passed over.
 */
export async function admit(
  ctx: Pick<Context, "gate" | "provider" | "report">,
  candidates: readonly RunRoute[],
  call: CallKey,
  isUrgent: boolean,
): Promise<Admission> {
  const left = [...candidates];
  let fault: unknown;
  while (left.length > 0) {
    const entry = await ctx.gate.enter(left.map(gateRouteOf), leaseOf(call), isUrgent);
    if (entry.verdict === "wait") return entry;
    const [route] = left.splice(entry.at, 1);
    if (!route) break;
    try {
      return { verdict: "enter", route, provider: await ctx.provider(route.provider) };
    } catch (error) {
      fault = error;
      ctx.report(error, { ...call, provider: route.provider, during: "the loading of a provider" });
      await leave(ctx, route, call, { kind: "none" });
    }
  }
  return { verdict: "none", fault };
}

type Called = Pick<RunRoute, "provider" | "upstream">;

/** A provider has queued the call; each poll that finds it under way says so again. */
export const renew = ({ gate }: Pick<Context, "gate">, route: Called, call: CallKey): Promise<void> =>
  gate.renew(gateRouteOf(route), leaseOf(call), POLLED_LEASE_SECONDS);

export const leave = (
  { gate }: Pick<Context, "gate">,
  route: Called,
  call: CallKey,
  outcome: Outcome,
): Promise<void> => gate.leave(gateRouteOf(route), leaseOf(call), outcome);

const leaseOf = ({ runId, image, n }: CallKey) => `${runId}/${image}/${n}`;
