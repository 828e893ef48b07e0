import type { Order, Quote } from "@imgpilot/contract/generations";
import type { Context } from "../context.ts";
import { Credits } from "../credits/index.ts";
import { plan } from "./plan.ts";

/** What an order would cost, without making it (promise C5). @throws {Refusal} as `create` would. */
export async function quote({ db }: Pick<Context, "db">, accountId: string, order: Order): Promise<Quote> {
  const { pricePerImage } = await plan(db, accountId, order);
  const { available } = await Credits.balance(db, accountId);
  return { credits: pricePerImage * order.count, creditsPerImage: pricePerImage, available };
}
