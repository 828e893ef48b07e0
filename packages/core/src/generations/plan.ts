import { findModel, imagePrice, type Model } from "@imgpilot/contract/catalogue";
import type { RefusalCode } from "@imgpilot/contract/errors";
import type { Order } from "@imgpilot/contract/generations";
import type { Db } from "../db/index.ts";
import { Refusal } from "../errors.ts";
import { type AnnouncedUpload, Uploads } from "../images/index.ts";
import { Routing } from "../routing/index.ts";
import type { RunRoute } from "../runs/index.ts";
import { shortcomings } from "./abilities.ts";
import { routesFor } from "./routes.ts";

/** An order that can be carried out: what it costs, who may be called, and which uploads it is drawn from. */
export type Plan = {
  readonly model: Model;
  readonly pricePerImage: number;
  readonly routes: RunRoute[];
  readonly uploads: AnnouncedUpload[];
};

/**
 * Holds an order against the catalogue and the account's uploads, as they were announced.
 * @throws {Refusal} `model.unknown`, `model.unable`, `reference.missing`, `reference.invalid`, with the fields.
 */
export async function plan(db: Db, accountId: string, order: Order): Promise<Plan> {
  const model = findModel(order.model);
  if (!model)
    throw new Refusal("model.unknown", undefined, [
      { path: "model", message: `There is no model ${order.model}` },
    ]);
  // What needs no look at the uploads first: most mistakes do not.
  refuse(shortcomings({ ...order, references: [] }, model).filter(({ path }) => path !== "references"));
  const uploads = await Uploads.resolve(db, accountId, order.references);
  const demand = { ...order, references: uploads };
  refuse(shortcomings(demand, model));

  const pricePerImage = imagePrice(model, { ...order, references: uploads.length });
  if (pricePerImage === null) throw new Error(`${model.id} has no price at ${order.resolution}`);
  const routes = routesFor(demand, { settings: await Routing.settings(db) });
  if (routes.length === 0)
    refuse([{ path: "model", message: `${model.name} is not available at the moment` }]);
  return { model, pricePerImage, routes, uploads };
}

function refuse(errors: { path: string; message: string }[]): void {
  if (errors.length === 0) return;
  const isOneReference = errors.every(({ path }) => path.startsWith("references."));
  const code: RefusalCode = isOneReference ? "reference.invalid" : "model.unable";
  throw new Refusal(code, undefined, errors);
}
