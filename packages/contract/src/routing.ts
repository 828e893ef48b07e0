import { z } from "zod";

const Name = z.string().min(1).max(100);

/** What operators may change of the routing without a deploy. It counts for orders from then on: a run's routes are frozen. */
export const RoutingSettings = z.strictObject({
  /** Routes that are not called: one upstream model of a provider, or all of them. */
  off: z.array(z.strictObject({ provider: Name, upstream: Name.optional() })).default([]),
  /** Which other models are asked after a block of a picture, by the model that was ordered, in order. */
  afterBlock: z.record(Name, z.array(Name)).default({}),
});
export type RoutingSettings = z.output<typeof RoutingSettings>;
