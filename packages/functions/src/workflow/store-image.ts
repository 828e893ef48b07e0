import { Generations } from "@imgpilot/core/generations";
import { ImageStep, step } from "../middleware/step.ts";
import { contextOf } from "../parts/context.ts";
import { images } from "../parts/images.ts";
import { objects } from "../parts/objects.ts";

/** StoreImage: checks, marks, resizes, writes and records what was delivered. */
export const handler = step(ImageStep, contextOf({ objects, images }), Generations.storeImage);
