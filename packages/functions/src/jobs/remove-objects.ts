import { ObjectDeletions } from "@imgpilot/core/images";
import { job } from "../middleware/job.ts";
import { contextOf } from "../parts/context.ts";
import { objects } from "../parts/objects.ts";

/** Every minute: removes the objects that are due, until the store confirms (promise R6). */
export const handler = job("remove-objects", contextOf({ objects }), (ctx) => ObjectDeletions.removeDue(ctx));
