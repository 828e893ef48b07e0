import type { GenerationPage, GenerationWithReceipt } from "@imgpilot/contract/generations";
import { type InfiniteData, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { api, isRefusal, isSignedOut, isUncertain } from "../../data/client.ts";
import { createKeyring } from "./idempotency.ts";
import type { requestOf } from "./order.ts";

type Request = ReturnType<typeof requestOf>;

/** Sends an order and puts its tiles into the feed at once. */
export function useSubmit(onAccepted: (generation: GenerationWithReceipt) => void) {
  const queries = useQueryClient();
  const keyring = useRef(createKeyring());
  return useMutation({
    mutationFn: (body: Request) =>
      api.createGeneration({ body, idempotencyKey: keyring.current.keyFor(body) }),
    onSuccess: (generation) => {
      keyring.current.isFinal();
      queries.setQueryData(["generation", generation.id], generation);
      queries.setQueryData<InfiniteData<GenerationPage>>(["generations", {}], (pages) =>
        withFirst(pages, generation),
      );
      void queries.invalidateQueries({ queryKey: ["credits"] });
      onAccepted(generation);
    },
    onError: (error) => {
      if (!isUncertain(error)) keyring.current.isFinal();
      if (isRefusal(error, "price.changed")) void queries.invalidateQueries({ queryKey: ["models"] });
      if (isRefusal(error, "credits.insufficient")) void queries.invalidateQueries({ queryKey: ["credits"] });
      if (isSignedOut(error)) queries.setQueryData(["session"], null);
    },
  });
}

function withFirst(pages: InfiniteData<GenerationPage> | undefined, generation: GenerationWithReceipt) {
  const [first, ...rest] = pages?.pages ?? [];
  if (!pages || !first) return { pages: [{ items: [generation], nextCursor: null }], pageParams: [null] };
  const items = [generation, ...first.items.filter(({ id }) => id !== generation.id)];
  return { ...pages, pages: [{ ...first, items }, ...rest] };
}
