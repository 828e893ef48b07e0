import type { Image, ImageFailure, ImageState } from "@imgpilot/contract/generations";
import type { GenerationFacts, RunFacts } from "./generation-facts.ts";
import { currentMove } from "./verdict.ts";
import { failureOf, storingFailed } from "./words.ts";

/** Where an image is, in the terms of the contract, and its failure where it has one. Not for recorded ones. */
export type Progress = Pick<Image, "state" | "attempt" | "provider" | "failure">;

/** What is happening to an image that is not recorded; told by the same rules that the steps decide by. */
export function progressOf(facts: GenerationFacts, image: number): Progress {
  const run = facts.runs.findLast(({ images }) => images.includes(image));
  const attempts = run?.attempts.filter((attempt) => attempt.image === image) ?? [];
  const last = attempts.at(-1);
  const at: At = (state, provider = last?.provider ?? null, failure = null) => ({
    state,
    attempt: attempts.length,
    provider,
    failure,
  });
  if (!run || !last) return run?.settledAt ? ended(run, at, failureOf(undefined)) : at("queued");

  const move = currentMove({ runId: run.id, image, routes: run.routes, attempts });
  const word = move.kind === "answer" ? move.verdict.verdict : "wait";
  if (word === "failed") return at("failed", last.provider, failureOf(last));
  if (run.settledAt)
    return ended(run, at, last.state === "delivered" ? storingFailed() : failureOf(undefined));
  if (word === "store") return at("storing");
  if (word === "wait") return at(last.state === "waiting" ? "waiting" : "calling");
  const next = move.kind === "answer" ? move.verdict.next : null;
  return at(word === "retry" ? "retrying" : "falling-back", next);
}

type At = (state: ImageState, provider?: string | null, failure?: ImageFailure | null) => Progress;

/** A run that ended before the image was there: its owner's doing, or a failure. */
const ended = ({ outcome }: RunFacts, at: At, failure: ImageFailure): Progress =>
  outcome === "cancelled" ? at("cancelled") : at("failed", undefined, failure);
