import type { CreateGeneration } from "@imgpilot/contract/generations";
import type { Context } from "@imgpilot/core/context";
import { Generations } from "@imgpilot/core/generations";
import type { ImageVerdict } from "@imgpilot/core/runs/workflow";

/** How an image came about, or did not. */
export type Ending = {
  /** What each step that did not end it said, in order: `wait`, `retry 2`, `fallback`, `store`; the number is seconds. */
  readonly way: readonly string[];
  readonly isDrawn: boolean;
  /** What the person reads where it failed. */
  readonly says: string | null;
  readonly charged: number;
  readonly returned: number;
};

/** More polls than any of the simulators' orders needs. */
const MAX_STEPS = 40;

/** Walks one order of one image through the real steps, without the waits of the state machine. */
export async function draw(ctx: Context, accountId: string, order: CreateGeneration): Promise<Ending> {
  const idempotencyKey = `key ${accountId}`;
  const { id: generationId } = await Generations.create(ctx, { accountId, idempotencyKey, order });
  const runId = `${generationId}-1`;
  await Generations.reserveCredits(ctx, { runId });
  const way: string[] = [];
  let at: ImageVerdict = await Generations.submitImage(ctx, { runId, image: 0, attempt: 0 });
  while (at.verdict !== "done" && at.verdict !== "failed") {
    if (way.length === MAX_STEPS) throw new Error(`it goes on for ever: ${way.join(", ")}`);
    way.push(at.waitSeconds > 0 && at.verdict === "retry" ? `retry ${at.waitSeconds}` : at.verdict);
    at = await next(ctx, { runId, image: 0, attempt: at.attempt }, at);
  }
  await Generations.settleCredits(ctx, { runId }, at.verdict === "done" ? "CommitCredits" : "RefundCredits");
  const { images, receipt } = await Generations.get(ctx, { generationId, accountId });
  const { charged, returned } = receipt;
  return {
    way: way.filter((word) => word !== "wait" && word !== "store"),
    isDrawn: images[0]?.state === "done",
    says: images[0]?.failure?.message ?? null,
    charged,
    returned,
  };
}

type Step = { runId: string; image: number; attempt: number };

function next(ctx: Context, step: Step, { verdict }: ImageVerdict): Promise<ImageVerdict> {
  switch (verdict) {
    case "wait":
      return Generations.pollImage(ctx, step);
    case "store":
      return Generations.storeImage(ctx, step);
    default:
      return Generations.submitImage(ctx, step);
  }
}
