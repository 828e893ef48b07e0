import { MODELS, type Model } from "@imgpilot/contract/catalogue";
import type { Condition, ModelStatus, ProviderStatus, Span, Status } from "@imgpilot/contract/status";
import type { RouteHealth } from "./health.ts";

/** Fewer calls in the last hour than this say nothing. */
const MIN_CALLS = 5;
const GOOD_SHARE = 0.9;
const DEGRADED_SHARE = 0.5;

/** Health as anybody may see it: no counts, no money, no upstream ids. Models are the catalogue's, in its order. */
export function status(
  health: readonly RouteHealth[],
  now: Date,
  catalogue: readonly Pick<Model, "id" | "name" | "routes">[] = MODELS,
): Status {
  return { asOf: now.toISOString(), models: catalogue.map((model) => modelStatus(model, health)) };
}

function modelStatus(
  { id, name, routes }: Pick<Model, "id" | "name" | "routes">,
  health: readonly RouteHealth[],
): ModelStatus {
  const names = [...new Set(routes.map(({ provider }) => provider))];
  const providers = names.map((provider) =>
    providerStatus(
      provider,
      health.filter((row) => row.product === id && row.provider === provider),
    ),
  );
  return { id, name, condition: best(providers.map(({ condition }) => condition)), providers };
}

function providerStatus(provider: string, rows: readonly RouteHealth[]): ProviderStatus {
  const within = (hours: number) => rows.filter((row) => row.hours === hours);
  return {
    provider,
    condition: conditionOf(within(1)),
    lastHour: spanOf(within(1)),
    lastDay: spanOf(within(24)),
  };
}

function conditionOf(rows: readonly RouteHealth[]): Condition {
  const { delivered, failed } = totalOf(rows);
  const calls = delivered + failed;
  if (calls < MIN_CALLS) return "unknown";
  if (delivered >= calls * GOOD_SHARE) return "good";
  return delivered >= calls * DEGRADED_SHARE ? "degraded" : "down";
}

const ORDER: readonly Condition[] = ["good", "degraded", "unknown", "down"];
const best = (conditions: readonly Condition[]): Condition =>
  ORDER.find((condition) => conditions.includes(condition)) ?? "unknown";

/** Of several upstream models of one provider, the times are those of the one that was called most. */
function spanOf(rows: readonly RouteHealth[]): Span {
  const { calls, delivered, failed, blocked } = totalOf(rows);
  const [main] = rows.toSorted((a, b) => b.delivered - a.delivered);
  return {
    delivered: share(delivered, delivered + failed),
    blocked: share(blocked, calls),
    p50Seconds: tenths(main?.p50Seconds),
    p95Seconds: tenths(main?.p95Seconds),
  };
}

function totalOf(rows: readonly RouteHealth[]) {
  const total = { calls: 0, delivered: 0, failed: 0, blocked: 0 };
  for (const row of rows) {
    total.calls += row.calls;
    total.delivered += row.delivered;
    total.failed += row.failed;
    total.blocked += row.blocked;
  }
  return total;
}

const share = (part: number, whole: number) =>
  whole === 0 ? null : Math.round((part / whole) * 1_000) / 1_000;
const tenths = (seconds: number | null | undefined) =>
  seconds === null || seconds === undefined ? null : Math.round(seconds * 10) / 10;
