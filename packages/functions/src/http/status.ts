import type { Status } from "@imgpilot/contract/status";
import type { Context } from "@imgpilot/core/context";
import { Routing } from "@imgpilot/core/routing";
import { noun, type Services } from "../middleware/route.ts";
import { contextOf } from "../parts/context.ts";
import { limits } from "../parts/limits.ts";
import { siteUrl } from "../parts/site.ts";

const CACHED_SECONDS = 60;

/** How the models are doing. Anybody may ask, as often as they like: the attempts are read once a minute. */
export function status(services: Services) {
  let known: { answer: Promise<Status>; until: number } | undefined;
  function recent(ctx: Context): Promise<Status> {
    const now = Date.now();
    if (known && known.until > now) return known.answer;
    const answer = read(ctx, new Date(now));
    known = { answer, until: now + CACHED_SECONDS * 1_000 };
    // The next request may have more luck.
    answer.catch(() => {
      known = undefined;
    });
    return answer;
  }
  return noun(services, {
    getStatus: async ({ ctx }) => ({
      body: await recent(ctx),
      headers: { "cache-control": `public, max-age=${CACHED_SECONDS}` },
    }),
  });
}

const read = async ({ db }: Context, now: Date): Promise<Status> =>
  Routing.status(await Routing.health(db), now);

export const handler = status({ context: contextOf({}), limits, siteUrl });
