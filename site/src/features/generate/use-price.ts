import type { ModelCard } from "@imgpilot/contract/models";
import { useState } from "react";
import { api } from "../../data/client.ts";
import { type Order, priceOf, quoteOf } from "./order.ts";

const settingsOf = ({ model, resolution, quality, count }: Order, references: number) =>
  [model, resolution, quality, count, references].join(" ");

/**
 * The price on the button: the catalogue's, until the API has named another one for the same settings. Then the newer
 * word holds, so that a person never presses against a price that was refused before.
 */
export function usePrice(order: Order, model: ModelCard, references: number) {
  const [quoted, setQuoted] = useState<{ settings: string; credits: number } | null>(null);
  const settings = settingsOf(order, references);
  const credits = quoted?.settings === settings ? quoted.credits : priceOf(order, model, references);
  const askAgain = async (ids: readonly string[]) => {
    const quote = await api.createQuote({ body: quoteOf(order, ids) });
    setQuoted({ settings, credits: quote.credits });
  };
  return { credits, askAgain };
}
