import { Shares } from "@imgpilot/core/sharing";
import { noun, type Services } from "../middleware/route.ts";
import { contextOf } from "../parts/context.ts";
import { limits } from "../parts/limits.ts";
import { objects } from "../parts/objects.ts";
import { signedIn } from "../parts/sessions.ts";
import { siteUrl } from "../parts/site.ts";

/** Public pages: made and taken away by an image's owner, seen by everybody. */
export const shares = (services: Services) =>
  noun(services, {
    shareImage: async ({ ctx, person, params, body }) => ({
      body: await Shares.publish(ctx, { ...owned(person, params), ...body }),
    }),

    unshareImage: async ({ ctx, person, params }) => {
      await Shares.revoke(ctx, owned(person, params));
      return { body: null };
    },

    getShare: async ({ ctx, params }) => ({ body: await Shares.get(ctx, params.id) }),

    getShareImage: async ({ ctx, params }) => ({
      body: null,
      headers: { location: await Shares.addressOfImage(ctx, params.id) },
    }),
  });

const owned = ({ accountId }: { accountId: string }, { id, n }: { id: string; n: string }) => ({
  accountId,
  generationId: id,
  image: Number(n),
});

export const handler = shares({ context: contextOf({ objects }), limits, siteUrl, signedIn });
