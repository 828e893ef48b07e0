import type { ModelCard } from "@imgpilot/contract/models";
import { useState } from "react";
import { m } from "#strings";
import { announce } from "../../controls/Announcer.tsx";
import { isRefusal } from "../../data/client.ts";
import { maxReferences, type Order, requestOf } from "./order.ts";
import { useOrder } from "./use-order.ts";
import { usePrice } from "./use-price.ts";
import { useReferences } from "./use-references.ts";
import { useSubmit } from "./use-submit.ts";

export type Composition = ReturnType<typeof useComposition>;

type Needs = { models: readonly ModelCard[]; isSignedIn: boolean; askToSignIn: () => void };

/** All that the composer knows: the order, its references, its price, and what became of the last press. */
export function useComposition({ models, isSignedIn, askToSignIn }: Needs) {
  const { order, model, dropped, ...settings } = useOrder(models);
  const [hasPressedEarly, setPressedEarly] = useState(false);
  const references = useReferences(model, isSignedIn);
  // The rest wait for a model that takes them; the composer marks them.
  const used = references.items.slice(0, maxReferences(model));
  const isUploading = used.some((item) => item.is !== "ready");
  const price = usePrice(order, model, used.length);
  const submit = useSubmit((generation) => announce(m.news_queued({ count: generation.count })));
  const forgive = () => submit.isError && submit.reset();

  const send = () => {
    if (submit.isPending || !order.prompt.trim() || price.credits === null) return;
    if (!isSignedIn) return askToSignIn();
    setPressedEarly(isUploading);
    if (isUploading) return;
    const ids = used.flatMap((item) => (item.is === "ready" ? [item.id] : []));
    submit.mutate(requestOf(order, ids, price.credits), {
      onError: (error) => {
        if (isRefusal(error, "price.changed")) void price.askAgain(ids).catch(() => {});
        if (isRefusal(error, "session.expired") || isRefusal(error, "session.missing")) askToSignIn();
      },
    });
  };
  return {
    order,
    model,
    dropped,
    references,
    used: used.length,
    price,
    submit,
    isReady: order.prompt.trim() !== "",
    isUploading: hasPressedEarly && isUploading,
    isSignedIn,
    askToSignIn,
    change: (part: Partial<Order>) => {
      settings.change(part);
      forgive();
    },
    choose: (next: ModelCard) => {
      settings.choose(next, references.items.length);
      forgive();
    },
    reuse: settings.reuse,
    send,
  };
}
