import type { Gate, GateRoute, Outcome } from "@imgpilot/core/routing/gate";
import { BREAKER, type BreakerPolicy } from "@imgpilot/core/routing/policy";
import { connectRedis } from "./redis-connection.ts";
import { ENTER, LEAVE, RENEW } from "./redis-gate-scripts.ts";

export type RedisGateConfig = {
  readonly url: string;
  readonly policy?: BreakerPolicy;
  /** Told once of every outage, however many calls it lasts. */
  readonly onDown?: (error: unknown) => void;
};

/** How soon somebody for whom there was no room asks again. */
const WAIT_SECONDS = 5;

/** Breakers and limits in Redis, for all Lambdas together. `close` ends the connection. */
export function createRedisGate({
  url,
  policy = BREAKER,
  onDown,
}: RedisGateConfig): Gate & { close: () => void } {
  const redis = connectRedis(url);
  let isDown = false;
  async function run(script: string, keys: string[], args: (string | number)[]): Promise<number | null> {
    try {
      const answer = await redis.eval(script, keys.length, ...keys, ...args);
      isDown = false;
      return Number(answer);
    } catch (error) {
      if (!isDown) onDown?.(error);
      isDown = true;
      return null;
    }
  }

  return {
    async enter(routes, lease, isUrgent) {
      const maxima = JSON.stringify(routes.map(({ lanes }) => lanes.map(({ max }) => max)));
      const args = [maxima, lease, policy.leaseSeconds * 1_000, isUrgent ? 1 : 0];
      const at = await run(ENTER, routes.flatMap(keysOf), args);
      return at === -1 ? { verdict: "wait", seconds: WAIT_SECONDS } : { verdict: "enter", at: at ?? 0 };
    },
    async renew(route, lease, seconds) {
      await run(RENEW, keysOf(route), [lease, seconds * 1_000]);
    },
    async leave(route, lease, outcome) {
      await run(LEAVE, keysOf(route), [lease, outcome.kind, outMs(outcome), ...policyArgs(policy)]);
    },
    close: () => redis.disconnect(),
  };
}

const keysOf = ({ name, lanes }: GateRoute) => [
  `gate:breaker:${name}`,
  ...lanes.map((lane) => `gate:lane:${lane.name}`),
];

const outMs = (outcome: Outcome) => (outcome.kind === "out" ? outcome.seconds * 1_000 : 0);

const policyArgs = (policy: BreakerPolicy) => [
  policy.windowSeconds * 1_000,
  policy.minCalls,
  policy.failureShare,
  policy.failuresInARow,
  policy.openSeconds * 1_000,
  policy.maxOpenSeconds * 1_000,
];
