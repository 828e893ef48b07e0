import { MODELS } from "@imgpilot/contract/catalogue";
import type { DrawRequest } from "@imgpilot/core/generations/provider";
import { expect, test } from "vitest";
import type { Call } from "./errors.ts";
import { falOrderOf } from "./fal-models.ts";
import { replicateInputOf } from "./replicate-models.ts";

/**
 * Guards that a fallback never ends in a refusal of our own: whatever a model of the catalogue offers, its routes through
 * fal and Replicate can be asked for, in every ratio and resolution that the route is there for.
 */
const CALL: Call = { who: "the reseller", phase: "submit" };
const TINY = { bytes: new Uint8Array(1), contentType: "image/png" };
const ASK = { fal: falOrderOf, replicate: replicateInputOf };

const routes = MODELS.flatMap((model) =>
  model.routes.flatMap((route) =>
    route.provider === "fal" || route.provider === "replicate"
      ? [{ model, route, ask: ASK[route.provider] }]
      : [],
  ),
);

test.each(routes)("$model.id by $route.provider", ({ model, route, ask }) => {
  const ratios = route.aspectRatios ?? model.aspectRatios;
  const resolutions = Object.keys(route.costs) as DrawRequest["resolution"][];
  for (const aspectRatio of ratios)
    for (const resolution of resolutions)
      for (const count of [0, 1, model.references.max]) {
        const references = Array(count).fill(TINY);
        const request = {
          upstream: route.upstream,
          prompt: "a fox",
          seed: 7,
          aspectRatio,
          resolution,
          references,
        };
        expect(() => ask(CALL, request), `${aspectRatio} ${resolution} ${count}`).not.toThrow();
      }
});

test("there are such routes", () => {
  expect(routes.length).toBeGreaterThan(5);
});
