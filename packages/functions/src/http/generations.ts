import { Generations } from "@imgpilot/core/generations";
import { noun, type Services } from "../middleware/route.ts";
import { contextOf } from "../parts/context.ts";
import { limits } from "../parts/limits.ts";
import { objects } from "../parts/objects.ts";
import { signedIn } from "../parts/sessions.ts";
import { siteUrl } from "../parts/site.ts";
import { workflow } from "../parts/workflow.ts";

/** Quotes and generations. */
export const generations = (services: Services) =>
  noun(services, {
    createQuote: async ({ ctx, person, body }) => ({
      body: await Generations.quote(ctx, person.accountId, body),
    }),

    createGeneration: async ({ ctx, person, body, idempotencyKey }) => {
      const { accountId } = person;
      return { body: await Generations.create(ctx, { accountId, idempotencyKey, order: body }) };
    },

    listGenerations: async ({ ctx, person, query }) => ({
      body: await Generations.list(ctx, person.accountId, query),
    }),

    getGeneration: async ({ ctx, person, params }) => ({
      body: await Generations.get(ctx, owned(person, params)),
    }),

    cancelGeneration: async ({ ctx, person, params }) => {
      await Generations.cancel(ctx, owned(person, params));
      return { body: await Generations.get(ctx, owned(person, params)) };
    },

    retryImage: async ({ ctx, person, params, body, idempotencyKey }) => {
      const asked = { ...owned(person, params), image: Number(params.n), idempotencyKey };
      return { body: await Generations.retryImage(ctx, { ...asked, maxCredits: body.maxCredits }) };
    },

    removeGeneration: async ({ ctx, person, params }) => {
      await Generations.remove(ctx, owned(person, params));
      return { body: null };
    },
  });

const owned = ({ accountId }: { accountId: string }, { id }: { id: string }) => ({
  generationId: id,
  accountId,
});

export const handler = generations({ context: contextOf({ objects, workflow }), limits, siteUrl, signedIn });
