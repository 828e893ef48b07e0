import { expect, test } from "vitest";
import type { RunRoute } from "../runs/index.ts";
import { admit } from "./admit.ts";
import type { Gate, GateRoute, Outcome } from "./gate.ts";
import { gateRouteOf } from "./policy.ts";

const route = (provider: RunRoute["provider"], upstream = "model"): RunRoute => ({
  provider,
  upstream,
  product: "nano",
  costMicros: 1,
});
const ROUTES = [route("google"), route("fal"), route("replicate")];
const CALL = { runId: "gen_1-1", image: 0, n: 2 };

/** A gate that is shut for some, and a container in which some providers have no key. */
function aContext({ shut = [] as string[], keyless = [] as string[] }) {
  const left: [name: string, lease: string, outcome: Outcome][] = [];
  const reports: unknown[] = [];
  const gate: Gate = {
    enter: async (routes: readonly GateRoute[]) => {
      const at = routes.findIndex(({ name }) => !shut.includes(name));
      return at < 0 ? { verdict: "wait", seconds: 5 } : { verdict: "enter", at };
    },
    renew: async () => {},
    leave: async ({ name }, lease, outcome) => void left.push([name, lease, outcome]),
  };
  const provider = async (name: string) => {
    if (keyless.includes(name)) throw new Error(`${name} has no key`);
    return { submit: () => Promise.reject(), poll: () => Promise.reject() };
  };
  const report = (fault: unknown) => void reports.push(fault);
  return { ctx: { gate, provider, report }, left, reports };
}

test("the first route that the gate lets in is called", async () => {
  const { ctx } = aContext({ shut: ["google/model"] });
  expect(await admit(ctx, ROUTES, CALL, false)).toMatchObject({
    verdict: "enter",
    route: { provider: "fal" },
  });
});

test("a provider without a key is told of, given back and passed over", async () => {
  const { ctx, left, reports } = aContext({ keyless: ["google", "fal"] });
  expect(await admit(ctx, ROUTES, CALL, false)).toMatchObject({
    verdict: "enter",
    route: { provider: "replicate" },
  });
  expect(left).toEqual([
    ["google/model", "gen_1-1/0/2", { kind: "none" }],
    ["fal/model", "gen_1-1/0/2", { kind: "none" }],
  ]);
  expect(reports).toHaveLength(2);
});

test("where no provider has a key there is nobody to call", async () => {
  const { ctx } = aContext({ keyless: ["google", "fal", "replicate"] });
  const fault = expect.objectContaining({ message: "replicate has no key" });
  expect(await admit(ctx, ROUTES, CALL, false)).toEqual({ verdict: "none", fault });
});

test("where there is no room the image waits", async () => {
  const { ctx } = aContext({ shut: ROUTES.map((one) => gateRouteOf(one).name) });
  expect(await admit(ctx, ROUTES, CALL, false)).toEqual({ verdict: "wait", seconds: 5 });
});

test("Black Forest Labs' limits are counted for all its models, and Kontext max's beside them", () => {
  expect(gateRouteOf(route("bfl", "flux-kontext-max")).lanes).toEqual([
    { name: "bfl", max: 22 },
    { name: "bfl/flux-kontext-max", max: 5 },
  ]);
  expect(gateRouteOf(route("bfl", "flux-2-pro")).lanes).toEqual([{ name: "bfl", max: 22 }]);
  expect(gateRouteOf(route("google")).lanes).toEqual([]);
});
