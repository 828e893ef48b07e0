import { CreditsModel, type Step } from "./credits.model.ts";

/** One call: from when it was made to when it was answered. Moments are of one clock. */
export type Call = {
  readonly step: Step;
  readonly from: number;
  readonly until: number;
  readonly answer: string;
};

/**
 * Looks for an order of the calls in which the model, one step after the other, gives every answer that was given and
 * ends as was seen: one that respects real time, so no call comes before one that had been answered when it was made.
 * Answers that order, or null: then what happened cannot be told as one thing after another.
 */
export function linearize(
  calls: readonly Call[],
  start: CreditsModel = new CreditsModel(),
  endsRight: (end: CreditsModel) => boolean = () => true,
): readonly Call[] | null {
  if (calls.length === 0) return endsRight(start) ? [] : null;
  const firstAnswer = Math.min(...calls.map(({ until }) => until));
  for (const call of calls) {
    if (call.from > firstAnswer) continue;
    const model = start.copy();
    if (model.play(call.step) !== call.answer) continue;
    const others = calls.filter((other) => other !== call);
    const rest = linearize(others, model, endsRight);
    if (rest) return [call, ...rest];
  }
  return null;
}
