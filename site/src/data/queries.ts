import type { GenerationState, GenerationWithReceipt } from "@imgpilot/contract/generations";
import type { ModelCard } from "@imgpilot/contract/models";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { getSession } from "../features/account/session.ts";
import { isLive, pollAfter } from "../features/history/progress.ts";
import { api } from "./client.ts";

export type Filter = { model?: string | undefined; state?: GenerationState | undefined };

export const sessionQuery = () =>
  queryOptions({ queryKey: ["session"], queryFn: getSession, refetchOnWindowFocus: "always" });

export const modelsQuery = (known: readonly ModelCard[]) =>
  queryOptions({
    queryKey: ["models"],
    queryFn: async () => (await api.listModels({})).items,
    // Prices were true when the page was built; the API says what holds now.
    initialData: [...known],
    initialDataUpdatedAt: 0,
    staleTime: 5 * 60_000,
  });

export const creditsQuery = (isSignedIn: boolean) =>
  queryOptions({ queryKey: ["credits"], queryFn: () => api.getCredits({}), enabled: isSignedIn });

export const entriesQuery = () =>
  infiniteQueryOptions({
    queryKey: ["entries"],
    queryFn: ({ pageParam, signal }) =>
      api.listEntries({ query: pageParam ? { cursor: pageParam } : {}, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });

const PAGE = 20;

export const historyQuery = (isSignedIn: boolean, filter: Filter) =>
  infiniteQueryOptions({
    queryKey: ["generations", filter],
    queryFn: ({ pageParam, signal }) =>
      api.listGenerations({
        query: { limit: PAGE, ...filter, ...(pageParam ? { cursor: pageParam } : {}) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    enabled: isSignedIn,
  });

/** One generation, asked for again and again while something in it still moves. */
export const generationQuery = (id: string, isWanted: boolean) =>
  queryOptions({
    queryKey: ["generation", id],
    queryFn: ({ signal }): Promise<GenerationWithReceipt> => api.getGeneration({ params: { id }, signal }),
    enabled: isWanted,
    refetchInterval: ({ state: { data } }) => (data && !isLive(data) ? false : pollAfter(data)),
  });
