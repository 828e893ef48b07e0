import type { Generation, GenerationWithReceipt } from "@imgpilot/contract/generations";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { generationQuery } from "../../data/queries.ts";
import { tell } from "./news-words.ts";
import { isLive, laterOf, newsBetween } from "./progress.ts";

/** A generation of the list, kept fresh by itself while it moves; what happens meanwhile is told once, politely. */
export function useGeneration(listed: Generation, listedAt: number): Generation | GenerationWithReceipt {
  const queries = useQueryClient();
  const alone = useQuery({
    ...generationQuery(listed.id, true),
    // The list does not know of an image that is drawn again.
    enabled: ({ state: { data } }) => isLive(listed) || (data !== undefined && isLive(data)),
  });
  const current = laterOf({ data: alone.data, at: alone.dataUpdatedAt }, { data: listed, at: listedAt });
  const before = useRef(current);
  useEffect(() => {
    for (const news of newsBetween(before.current, current)) tell(news);
    if (isLive(before.current) && !isLive(current)) void queries.invalidateQueries({ queryKey: ["credits"] });
    before.current = current;
  }, [current, queries]);
  return current;
}
