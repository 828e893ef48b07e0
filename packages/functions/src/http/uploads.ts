import { Uploads } from "@imgpilot/core/images";
import { noun, type Services } from "../middleware/route.ts";
import { contextOf } from "../parts/context.ts";
import { limits } from "../parts/limits.ts";
import { objects } from "../parts/objects.ts";
import { signedIn } from "../parts/sessions.ts";
import { siteUrl } from "../parts/site.ts";

/** Reference images: announced here, put straight to the store. */
export const uploads = (services: Services) =>
  noun(services, {
    createUpload: async ({ ctx, person, body }) => ({
      body: await Uploads.announce(ctx, person.accountId, body),
    }),
  });

export const handler = uploads({ context: contextOf({ objects }), limits, siteUrl, signedIn });
