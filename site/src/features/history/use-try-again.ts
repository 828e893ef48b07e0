import type { Generation, Order } from "@imgpilot/contract/generations";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { m } from "#strings";
import { announce } from "../../controls/Announcer.tsx";
import { api, isRefusal, isSignedOut, isUncertain } from "../../data/client.ts";
import { createKeyring } from "../generate/idempotency.ts";

/**
 * One failed image drawn again, and what that costs in credits: as in the order, until the API has named another price.
 * `onAccepted` is called before anything that is shown changes.
 */
export function useTryAgain(generation: Generation, n: number, onAccepted: () => void) {
  const queries = useQueryClient();
  const keyring = useRef(createKeyring());
  const [quoted, setQuoted] = useState<number | null>(null);
  const credits = quoted ?? generation.credits.quoted / generation.count;
  const again = useMutation({
    mutationFn: () => {
      const body = { maxCredits: credits };
      const params = { id: generation.id, n: String(n) };
      return api.retryImage({ params, body, idempotencyKey: keyring.current.keyFor(body) });
    },
    onSuccess: (running) => {
      keyring.current.isFinal();
      onAccepted();
      queries.setQueryData(["generation", generation.id], running);
      void queries.invalidateQueries({ queryKey: ["credits"] });
      announce(m.news_queued({ count: 1 }));
    },
    onError: async (error) => {
      if (!isUncertain(error)) keyring.current.isFinal();
      if (isRefusal(error, "credits.insufficient")) void queries.invalidateQueries({ queryKey: ["credits"] });
      if (isSignedOut(error)) queries.setQueryData(["session"], null);
      if (!isRefusal(error, "price.changed")) return;
      // Without an answer the old price stays, and the next press is refused as this one was.
      const quote = await api.createQuote({ body: orderOfOne(generation) }).catch(() => null);
      if (quote) setQuoted(quote.credits);
    },
  });
  return { credits, again };
}

/** What one image of it is asked for with. */
function orderOfOne(generation: Generation): Order {
  const { model, prompt, aspectRatio, resolution, quality, fallback, references } = generation;
  const usual = { model, prompt, aspectRatio, resolution, count: 1, fallback, references };
  return quality === null ? usual : { ...usual, quality };
}
