import type { Context } from "../context.ts";
import type { Db } from "../db/index.ts";
import { Routing } from "../routing/index.ts";
import { type AttemptRow, type Run, Runs } from "../runs/index.ts";
import type { ImageVerdict } from "../runs/workflow.ts";
import { currentMove, failed, type Situation } from "./verdict.ts";

type RunOfImage = Pick<Run, "id" | "routes">;

export async function situationOf(db: Db, run: RunOfImage, image: number): Promise<Situation> {
  return { runId: run.id, image, routes: run.routes, attempts: await Runs.attempts(db, run.id, image) };
}

/** The verdict that the rows of an image stand for, after giving up an attempt that nobody can finish any more. */
export async function answerNow(db: Db, run: RunOfImage, image: number): Promise<ImageVerdict> {
  const move = currentMove(await situationOf(db, run, image));
  if (move.kind !== "give-up") return move.verdict;
  await Runs.giveUpAttempt(db, { runId: run.id, image, n: move.n, afterSeconds: move.afterSeconds });
  const again = currentMove(await situationOf(db, run, image));
  return again.kind === "answer" ? again.verdict : failed(null, "provider.timeout", move.n);
}

/** The same where nobody can finish the last attempt any more: its route did not answer. */
export async function giveUp(
  ctx: Context,
  run: RunOfImage,
  image: number,
  last: AttemptRow | undefined,
): Promise<ImageVerdict> {
  if (last) await Routing.leave(ctx, last, { runId: run.id, image, n: last.n }, { kind: "failed" });
  return answerNow(ctx.db, run, image);
}
