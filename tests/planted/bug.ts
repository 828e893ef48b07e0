/** A mistake that a change could make: `npm run prove` plants it in a copy of the tree and expects a test to fail. */
export type PlantedBug = {
  readonly name: string;
  /** The invariants that it breaks: L1 to L24 and W1 to W12. */
  readonly breaks: readonly [string, ...string[]];
  readonly file: string;
  /** Occurs once in the file. */
  readonly from: string;
  readonly to: string;
  /** What the runner is given: files, and `-t` with part of a title. */
  readonly tests: readonly [string, ...string[]];
};
