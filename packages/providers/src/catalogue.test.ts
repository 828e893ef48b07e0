import { ASPECT_RATIOS, imageCost, MODELS, RESOLUTIONS } from "@imgpilot/contract/catalogue";
import type { Drawn, DrawRequest, Provider } from "@imgpilot/core/generations/provider";
import { drawPicture } from "@imgpilot/simulators/pictures/draw";
import { type Simulators, startSimulators } from "@imgpilot/simulators/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadProvider } from "./load.ts";
import { signal } from "./test-calls.ts";

/** What the catalogue offers is what each provider draws when it is asked through its adapter. */

let simulators: Simulators;
let reference: DrawRequest["references"][number];
beforeAll(async () => {
  simulators = await startSimulators({ drawMilliseconds: 0, submitMilliseconds: 0, pendingPolls: 0 });
  const size = { width: 320, height: 320 };
  const bytes = await drawPicture({ prompt: "a den", seed: 1, size, format: "png", references: [] });
  reference = { bytes, contentType: "image/png" };
});
afterAll(() => simulators.close());

async function drawn(provider: Provider, request: DrawRequest): Promise<Drawn> {
  let reply = await provider.submit(request, signal());
  for (let polls = 0; reply.state === "pending" && polls < 5; polls++)
    reply = await provider.poll(reply.handle, signal());
  if (reply.state === "pending") throw new Error("it was never drawn");
  return reply;
}

const ways = MODELS.flatMap((model) =>
  model.routes.flatMap((route) =>
    RESOLUTIONS.filter((resolution) => imageCost(route, { resolution, references: 0 }) !== null).map(
      (resolution) => ({ name: `${model.id} at ${route.provider}`, model, route, resolution }),
    ),
  ),
);

test.each(ways)(
  "$name draws in $resolution ($route.quality), at a cost that the catalogue knows of",
  async ({ model, route, resolution }) => {
    const provider = await loadProvider(route.provider, {
      baseUrl: simulators.urls[route.provider],
      apiKey: "key",
    });
    const asked = {
      upstream: route.upstream,
      prompt: "a red fox in snow",
      resolution,
      ...(route.quality ? { quality: route.quality } : {}),
      ...(model.seed ? { seed: 7 } : {}),
    };
    // References cost the same at every size; the smallest is the quickest to draw.
    for (const references of resolution === "1K" ? [0, model.references.max] : [0]) {
      const [aspectRatio = "1:1"] = (route.aspectRatios ?? model.aspectRatios).slice(-1);
      const request = { ...asked, aspectRatio, references: Array(references).fill(reference) };
      const { contentType, costMicros } = await drawn(provider, request);
      expect(contentType).toMatch(/^image\//);
      expect(costMicros ?? 0).toBeLessThanOrEqual(imageCost(route, { resolution, references }) ?? 0);
    }
  },
  30_000,
);

test("every ratio is drawn by some model", () => {
  expect(new Set(MODELS.flatMap(({ aspectRatios }) => aspectRatios))).toEqual(new Set(ASPECT_RATIOS));
});
