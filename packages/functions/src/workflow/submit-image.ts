import { Generations } from "@imgpilot/core/generations";
import { ImageStep, step } from "../middleware/step.ts";
import { contextOf } from "../parts/context.ts";
import { gate } from "../parts/gate.ts";
import { objects } from "../parts/objects.ts";
import { provider } from "../parts/providers.ts";

/** SubmitImage: at most one call of a provider, and the verdict that follows from it. */
export const handler = step(ImageStep, contextOf({ objects, gate, provider }), Generations.submitImage);
