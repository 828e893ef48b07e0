import type { Context } from "../context.ts";
import { Routing } from "../routing/index.ts";
import { type Run, type RunRoute, Runs } from "../runs/index.ts";
import type { ImageStepInput, ImageVerdict } from "../runs/workflow.ts";
import { type AttemptKey, bookError, bookUnknown, keepDrawn } from "./book.ts";
import { insist } from "./insist.ts";
import { CALL_SECONDS } from "./limits.ts";
import type { Drawn, DrawRequest, Pending, Provider } from "./provider.ts";
import { loadReferences } from "./references.ts";
import { answerNow, giveUp, situationOf } from "./situation.ts";
import { candidatesOf, errorOf, failed, noRoom, submitMove } from "./verdict.ts";

/** A run that has waited so long for room at its providers is let in without. */
const MAX_ROOM_SECONDS = 240;

/**
 * SubmitImage: makes at most one call of a provider, and says what follows from it.
 *
 * The attempt's row is written before the call, in the transaction that finds the run open, and finished after it; a
 * step that finds its attempt made answers from the row (rule 5, W4). What can fail for free comes before the row.
 */
export async function submitImage(ctx: Context, input: ImageStepInput): Promise<ImageVerdict> {
  const { runId, image } = input;
  const run = await Runs.get(ctx.db, runId);
  if (!run?.isOpen || !run.order) return failed(null, "run.closed", input.attempt);

  const situation = await situationOf(ctx.db, run, image);
  const move = submitMove(situation, input.attempt);
  if (move.kind === "answer") return move.verdict;
  if (move.kind === "give-up") return giveUp(ctx, run, image, situation.attempts.at(-1));

  const { n } = move;
  const last = situation.attempts.at(-1);
  const references = await loadReferences(ctx, run.order.references);
  if (!references) return failed(move.route.provider, "reference.missing", n);
  const candidates = candidatesOf(situation, move.route);
  const admission = await Routing.admit(ctx, candidates, { runId, image, n }, isUrgent(run));
  if (admission.verdict === "wait") return noRoom(move, admission.seconds);
  if (admission.verdict === "none") {
    if (last) return failed(last.provider, errorOf(last), n);
    throw admission.fault;
  }

  const { route, provider } = admission;
  const stagingKey = `staging/${runId}/${image}/${n}`;
  const begun = await Runs.beginAttempt(ctx.db, { runId, image, n, route, stagingKey });
  if (begun === "closed" || begun === "exhausted")
    await Routing.leave(ctx, route, { runId, image, n }, { kind: "none" });
  if (begun === "closed") return failed(route.provider, "run.closed", n);
  if (begun === "exhausted") return failed(route.provider, last ? errorOf(last) : "run.closed", n);
  if (begun === "begun")
    await call(
      ctx,
      { runId, image, n },
      { provider, route, stagingKey, request: requestOf(run.order, route, references) },
    );
  return answerNow(ctx.db, run, image);
}

type Call = { provider: Provider; route: RunRoute; stagingKey: string; request: DrawRequest };

/** Calls the provider once, and books how it went. */
async function call(
  ctx: Context,
  attempt: AttemptKey,
  { provider, route, stagingKey, request }: Call,
): Promise<void> {
  let reply: Drawn | Pending;
  try {
    reply = await provider.submit(request, AbortSignal.timeout(CALL_SECONDS * 1_000));
  } catch (error) {
    await bookError(ctx, attempt, error, route.costMicros);
    return Routing.leave(ctx, route, attempt, Routing.outcomeOf(error));
  }

  const costMicros = reply.costMicros ?? route.costMicros;
  if (reply.state === "pending") {
    const facts = {
      handle: reply.handle,
      costMicros,
      ...(reply.requestId ? { requestId: reply.requestId } : {}),
    };
    await insist(() => Runs.finishAttempt(ctx.db, { ...attempt, state: "waiting", ...facts }));
    return Routing.renew(ctx, route, attempt);
  }
  try {
    await keepDrawn(ctx, attempt, stagingKey, reply, costMicros);
  } catch (error) {
    // Drawn, paid for, and lost on the way to the store: there is nobody to ask for the picture again.
    ctx.report(error, { ...attempt, during: "the keeping of a drawn image" });
    await bookUnknown(ctx, attempt, costMicros, "bad_response");
  }
  await Routing.leave(ctx, route, attempt, { kind: "answered" });
}

const isUrgent = ({ dispatchedAt }: Run): boolean =>
  dispatchedAt !== null && Date.now() - Date.parse(dispatchedAt) > MAX_ROOM_SECONDS * 1_000;

function requestOf(
  order: NonNullable<Run["order"]>,
  route: RunRoute,
  references: DrawRequest["references"],
): DrawRequest {
  const { prompt, aspectRatio, resolution, seed } = order;
  return {
    upstream: route.upstream,
    prompt,
    aspectRatio,
    resolution,
    references,
    ...(route.quality === undefined ? {} : { quality: route.quality }),
    ...(seed === null ? {} : { seed }),
  };
}
