import type { ModelCard } from "@imgpilot/contract/models";
import { useState } from "react";
import { api } from "../../data/client.ts";
import { type Order, priceOf } from "./order.ts";

const settingsOf = ({ model, resolution, count }: Order) => [model, resolution, count].join(" ");

/**
 * The price on the button: the catalogue's, until the API has named another one for the same settings. Then the newer
 * word holds, so that a person never presses against a price that was refused before.
 */
export function usePrice(order: Order, model: ModelCard) {
  const [quoted, setQuoted] = useState<{ settings: string; credits: number } | null>(null);
  const settings = settingsOf(order);
  const credits = quoted?.settings === settings ? quoted.credits : priceOf(order, model);
  const askAgain = async (references: readonly string[]) => {
    const body = { ...order, references: [...references] };
    const quote = await api.createQuote({ body });
    setQuoted({ settings, credits: quote.credits });
  };
  return { credits, askAgain };
}
