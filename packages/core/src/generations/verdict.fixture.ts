import type { AttemptRow, RunRoute } from "../runs/index.ts";
import type { Situation } from "./verdict.ts";

/** Rows and routes for tests of the rules. */
export const GOOGLE: RunRoute = {
  provider: "google",
  upstream: "gemini",
  product: "nano",
  costMicros: 33_600,
};
export const VERTEX: RunRoute = {
  provider: "google",
  upstream: "vertex",
  product: "nano",
  costMicros: 40_000,
};
export const FLUX: RunRoute = { provider: "bfl", upstream: "flux", product: "flux", costMicros: 40_000 };

const FRESH: AttemptRow = {
  n: 0,
  ...GOOGLE,
  state: "started",
  errorKind: null,
  errorStage: null,
  errorReason: null,
  retryAfterSeconds: null,
  handle: null,
  stagingKey: "staging/gen_1-1/0/0",
  contentType: null,
  providerRequestId: null,
  costMicros: 0,
  startedAt: "2026-11-22T12:00:00.000Z",
  endedAt: null,
  ageSeconds: 1,
};

export type RowFacts = Partial<AttemptRow> & { route?: RunRoute };

/** A situation with these attempts, numbered from 0. */
export function situation(rows: RowFacts[], routes: RunRoute[] = [GOOGLE]): Situation {
  const attempts = rows.map(({ route = GOOGLE, ...facts }, n): AttemptRow => {
    const { provider, upstream, product } = route;
    return { ...FRESH, provider, upstream, product, n, ...facts };
  });
  return { runId: "gen_1-1", image: 0, routes, attempts };
}

export const failedWith = (errorKind: AttemptRow["errorKind"], facts: RowFacts = {}): RowFacts => ({
  state: "failed",
  errorKind,
  ...facts,
});
