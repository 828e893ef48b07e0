import { Credits } from "@imgpilot/core/credits";
import { noun, type Services } from "../middleware/route.ts";
import { contextOf } from "../parts/context.ts";
import { limits } from "../parts/limits.ts";
import { signedIn } from "../parts/sessions.ts";
import { siteUrl } from "../parts/site.ts";

/** What a person has to spend. */
export const credits = (services: Services) =>
  noun(services, {
    getCredits: async ({ ctx, person }) => ({ body: await Credits.balance(ctx.db, person.accountId) }),
  });

export const handler = credits({ context: contextOf({}), limits, siteUrl, signedIn });
