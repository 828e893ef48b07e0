import type { Generation, GenerationPage, GenerationWithReceipt } from "@imgpilot/contract/generations";
import type { ImageShare } from "@imgpilot/contract/shares";
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { api } from "../../data/client.ts";

const paramsOf = (generationId: string, n: number) => ({ id: generationId, n: String(n) });

/** Makes the page, or answers the one there is. */
export const share = (generationId: string, n: number, listed: boolean): Promise<ImageShare> =>
  api.shareImage({ params: paramsOf(generationId, n), body: { listed } });

/** Takes the page away; it answers 410 from then on (promise D4). */
export const unshare = (generationId: string, n: number) =>
  api.unshareImage({ params: paramsOf(generationId, n) });

/** The page's address as one gives it to others. */
export const addressOf = ({ id }: ImageShare) => `/share/${encodeURIComponent(id)}`;

function withShare<T extends Generation>(generation: T, n: number, made: ImageShare | null): T {
  const images = generation.images.map((image) => (image.n === n ? { ...image, share: made } : image));
  return { ...generation, images };
}

/** Tells everything on the page that shows this image, without asking for it again. */
export function rememberShare(queries: QueryClient, id: string, n: number, made: ImageShare | null): void {
  queries.setQueryData<GenerationWithReceipt>(["generation", id], (one) => one && withShare(one, n, made));
  queries.setQueriesData<InfiniteData<GenerationPage>>({ queryKey: ["generations"] }, (pages) => {
    if (!pages) return pages;
    const change = (one: Generation) => (one.id === id ? withShare(one, n, made) : one);
    return { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.map(change) })) };
  });
}
