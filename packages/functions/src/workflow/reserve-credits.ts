import { Generations } from "@imgpilot/core/generations";
import { RunStep, step } from "../middleware/step.ts";
import { contextOf } from "../parts/context.ts";

/** ReserveCredits: confirms that the run is open and its credits are held. */
export const handler = step(RunStep, contextOf({}), Generations.reserveCredits);
