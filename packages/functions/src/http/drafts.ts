import { Drafts } from "@imgpilot/core/drafts";
import { noun, type Services } from "../middleware/route.ts";
import { contextOf } from "../parts/context.ts";
import { limits } from "../parts/limits.ts";
import { siteUrl } from "../parts/site.ts";

/** Prompts that somebody wrote before signing in. */
export const drafts = (services: Services) =>
  noun(services, {
    createDraft: async ({ ctx, body }) => ({ body: await Drafts.keep(ctx.db, body.prompt) }),

    getDraft: async ({ ctx, params }) => ({ body: await Drafts.get(ctx.db, params.id) }),
  });

export const handler = drafts({ context: contextOf({}), limits, siteUrl });
