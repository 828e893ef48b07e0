import type { Generation } from "@imgpilot/contract/generations";
import type { ModelCard } from "@imgpilot/contract/models";
import { useState } from "react";
import { type Dropped, fit, type Order, startingOrder } from "./order.ts";

/** What is set right now, always as the chosen model can draw it, and what the last switch had to drop for that. */
export function useOrder(models: readonly ModelCard[]) {
  const [order, setOrder] = useState(() => startingOrder(firstOf(models)));
  const [dropped, setDropped] = useState<readonly Dropped[]>([]);
  const model = models.find(({ id }) => id === order.model) ?? firstOf(models);

  const take = (wanted: Order, next: ModelCard, references = 0) => {
    const fitted = fit(wanted, next, references);
    setOrder(fitted.order);
    setDropped(fitted.dropped);
  };
  const change = (part: Partial<Order>) => {
    setOrder((now) => ({ ...now, ...part }));
    if (!("prompt" in part)) setDropped([]);
  };
  const choose = (next: ModelCard, references: number) => take(order, next, references);
  /** Takes over what an earlier generation was made with, by another model where its own is no longer offered. */
  const reuse = ({ prompt, aspectRatio, resolution, quality, count, fallback, ...earlier }: Generation) => {
    const next = models.find(({ id }) => id === earlier.model) ?? model;
    take({ model: next.id, prompt, aspectRatio, resolution, quality, count, fallback }, next);
  };
  return { order, model, dropped, change, choose, reuse };
}

function firstOf(models: readonly ModelCard[]): ModelCard {
  const [first] = models;
  if (!first) throw new Error("The catalogue is empty");
  return first;
}
