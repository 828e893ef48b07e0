/** The engine that executes runs (Step Functions). The execution's name is the run's id, so starting twice starts once. */
export type Workflow = {
  /** Starts the execution of a run; one that was started before, ended or not, is left alone. */
  readonly start: (run: ExecutionInput) => Promise<void>;
  /** Stops it where it is running; an absent or ended one is left alone. */
  readonly stop: (runId: string, cause: string) => Promise<void>;
  readonly state: (runId: string) => Promise<"absent" | "running" | "ended">;
  /** The state of the machine in which an execution failed; null where it did not fail, or is not known any more. */
  readonly failedIn: (runId: string) => Promise<string | null>;
  /** Has one that failed go on from the state in which it did, with the input it had there. */
  readonly redrive: (runId: string) => Promise<void>;
};

/** What an execution starts with. Ids and small facts only: the rest is in Postgres. */
export type ExecutionInput = {
  readonly runId: string;
  readonly generationId: string;
  /** Indexes of the images to draw, ascending, at most 4. */
  readonly images: readonly number[];
};

/** What every step of one image is handed; `attempt` is the next to make in SubmitImage (from 0), else the one meant. */
export type ImageStepInput = { readonly runId: string; readonly image: number; readonly attempt: number };

/**
 * What SubmitImage, PollImage and StoreImage answer, and the state machine routes by.
 * `store`, `wait`: go on with attempt `attempt`. `retry`, `fallback`: SubmitImage with `attempt`, after `waitSeconds`.
 * `done`: the image is recorded. `failed`: it will not be; `error` says why (`provider.moderated`, `run.closed`).
 */
export type ImageVerdict = {
  readonly verdict: "store" | "wait" | "retry" | "fallback" | "done" | "failed";
  readonly attempt: number;
  readonly waitSeconds: number;
  readonly error: string | null;
  /** The provider of the attempt that the verdict is about, and who is called next on retry and fallback. */
  readonly provider: string | null;
  readonly next: string | null;
};

/** What ReserveCredits answers. */
export type ReserveVerdict = { readonly verdict: "held" | "refused" };

/** What CommitCredits and RefundCredits answer: how the run ended, by the images recorded. */
export type RunOutcome = "succeeded" | "partial" | "refused" | "failed" | "cancelled";
export type SettleVerdict = {
  readonly outcome: RunOutcome;
  readonly charged: number;
  readonly returned: number;
};
