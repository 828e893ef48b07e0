import { GENERATION_STATES, type GenerationState } from "@imgpilot/contract/generations";
import type { Filter } from "../../data/queries.ts";

/** Filters live in the address, so that a view can be kept, shared with oneself and gone back to. */
export function filterFrom(search: string): Filter {
  const query = new URLSearchParams(search);
  const model = query.get("model");
  const state = GENERATION_STATES.find((one) => one === query.get("state"));
  return { ...(model && /^[\w.-]{1,64}$/.test(model) ? { model } : {}), ...(state ? { state } : {}) };
}

export function searchOf({ model, state }: Filter): string {
  const query = new URLSearchParams();
  if (model) query.set("model", model);
  if (state) query.set("state", state);
  return query.size > 0 ? `?${query}` : "";
}

/** The states worth filtering by: what became of a generation, not where it is for a moment. */
export const FILTER_STATES = [
  "running",
  "succeeded",
  "partial",
  "refused",
  "failed",
  "cancelled",
] as const satisfies readonly GenerationState[];
