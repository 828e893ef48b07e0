import type { Json } from "../assembly/templates.ts";
import type { Definition, State } from "./definition.ts";
import { StateError, stopped } from "./errors.ts";
import { mapEnded, mapIteration, mapStarted } from "./history.ts";
import { type Carrier, evaluate, Lane, type LaneContext } from "./lane.ts";

/** What AWS runs at once where a Map sets no limit. */
const DEFAULT_CONCURRENCY = 40;

/**
 * Carries out a Map state: one lane for each item, some at a time. The first that fails stops the others, and no
 * further item is begun.
 */
export async function runMap(
  lane: Lane,
  name: string,
  state: State,
  input: Json,
  carry: Carrier,
): Promise<Json> {
  const items = await itemsOf(state, input, lane.context);
  lane.record(mapStarted(items.length));
  const startedId = lane.lastEventId;
  const failure = new AbortController();
  const results: Json[] = new Array(items.length).fill(null);
  const queue = items.keys();
  const worker = async () => {
    for (const index of queue) {
      const signal = AbortSignal.any([lane.signal, failure.signal]);
      const context = { ...lane.context, Map: { Item: { Index: index, Value: items[index] } } };
      const iteration = new Lane(lane.execution, context, carry, startedId, signal);
      results[index] = await iterate(iteration, lane, name, state, input, failure);
    }
  };
  const limit = Math.min(items.length, (state.MaxConcurrency as number) || DEFAULT_CONCURRENCY);
  const ends = await Promise.allSettled(Array.from({ length: limit }, worker));
  if (lane.signal.aborted) throw stopped();
  if (ends.some((end) => end.status === "rejected")) {
    lane.record(mapEnded("Failed"));
    throw failure.signal.reason;
  }
  lane.record(mapEnded("Succeeded"));
  return results;
}

/** Runs one item to its end. The parent lane goes on from whichever iteration ended last. */
async function iterate(
  iteration: Lane,
  parent: Lane,
  name: string,
  state: State,
  input: Json,
  failure: AbortController,
): Promise<Json> {
  const { Index: index, Value: value } = (iteration.context.Map as { Item: { Index: number; Value: Json } })
    .Item;
  if (iteration.signal.aborted) throw stopped();
  iteration.record(mapIteration("Started", name, index));
  try {
    const selector = state.ItemSelector;
    const item = selector ? await evaluate({ Parameters: selector }, input, iteration.context) : value;
    const result = await iteration.run(state.ItemProcessor as Definition, item);
    iteration.record(mapIteration("Succeeded", name, index));
    return result;
  } catch (error) {
    const event = mapIteration(iteration.signal.aborted ? "Aborted" : "Failed", name, index);
    iteration.lastEventId = iteration.execution.record(event, iteration.lastEventId);
    failure.abort(error);
    throw error;
  } finally {
    parent.lastEventId = Math.max(parent.lastEventId, iteration.lastEventId);
  }
}

async function itemsOf(state: State, input: Json, context: LaneContext): Promise<Json[]> {
  const items = state.ItemsPath ? await evaluate({ InputPath: state.ItemsPath }, input, context) : input;
  if (Array.isArray(items)) return items;
  throw new StateError("States.Runtime", "The items of a Map state must be an array.", { isTerminal: true });
}
