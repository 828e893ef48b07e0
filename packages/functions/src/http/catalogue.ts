import { MODELS } from "@imgpilot/contract/catalogue";
import { cardOf } from "@imgpilot/contract/models";
import { openApi } from "@imgpilot/contract/openapi";
import { ping } from "@imgpilot/core/db";
import manifest from "../../package.json" with { type: "json" };
import { healthOf } from "../middleware/health.ts";
import { noun, type Services } from "../middleware/route.ts";
import { contextOf } from "../parts/context.ts";
import { limits } from "../parts/limits.ts";
import { objects } from "../parts/objects.ts";
import { siteUrl } from "../parts/site.ts";
import { workflow } from "../parts/workflow.ts";

const { version } = manifest;

/** What anybody may ask: health, models, the API's description. It also answers every address that is nobody's. */
export const catalogue = (services: Services) =>
  noun(services, {
    getHealth: async ({ ctx, services }) => {
      const checks = await healthOf({
        database: () => ping(ctx.db),
        cache: () => services.limits.check(),
        objects: () => ctx.objects.check(),
        // No run has this name: the engine says so, when it is there.
        workflow: () => ctx.workflow.state("health"),
      });
      const isUp = Object.values(checks).every((check) => check === "up");
      return { body: { status: isUp ? "up" : "degraded", version, checks }, status: isUp ? 200 : 503 };
    },

    listModels: async () => ({ body: { items: MODELS.map(cardOf) } }),

    getOpenApi: async ({ services }) => ({ body: openApi({ url: services.siteUrl(), version }) }),
  });

export const handler = catalogue({ context: contextOf({ objects, workflow }), limits, siteUrl });
