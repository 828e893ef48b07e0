import { createHash } from "node:crypto";
import type { AttemptRow, RunRoute } from "../runs/index.ts";
import type { ImageVerdict } from "../runs/workflow.ts";
import { ATTEMPT_SECONDS, IMAGE_SECONDS, MAX_ATTEMPTS, MAX_RETRY_DELAY_SECONDS } from "./limits.ts";

/** All that decides about one image of a run: its attempts so far, and who may be called. Ages are the database's. */
export type Situation = {
  readonly runId: string;
  readonly image: number;
  readonly routes: readonly RunRoute[];
  /** Ordered by `n`. */
  readonly attempts: readonly AttemptRow[];
};

/** What a step does next: answer, call a route as attempt `n`, or first book attempt `n` as unknown and ask again. */
export type Move = Settled | { readonly kind: "call"; readonly n: number; readonly route: RunRoute };
export type Settled =
  | { readonly kind: "answer"; readonly verdict: ImageVerdict }
  | { readonly kind: "give-up"; readonly n: number; readonly afterSeconds: number };

/**
 * SubmitImage's move when it is asked for attempt `asked`. A step that is repeated finds that attempt made, and answers
 * from its row; only a conclusive failure of the attempt before it lets it call (rule 5, W4).
 */
export function submitMove(situation: Situation, asked: number): Move {
  const { attempts, routes } = situation;
  const last = attempts.at(-1);
  const [first] = routes;
  if (!last) return first ? { kind: "call", n: 0, route: first } : answer(failed(null, "model.unknown", 0));
  if (last.n >= asked || !isConclusiveFailure(last)) return currentMove(situation);
  const next = afterFailure(situation, last);
  return next.route ? { kind: "call", n: last.n + 1, route: next.route } : answer(next.verdict);
}

/** What the attempts say now: PollImage's and StoreImage's move, and a repeated SubmitImage's. Never a call. */
export function currentMove(situation: Situation): Settled {
  const last = situation.attempts.at(-1);
  if (!last) return answer(failed(null, "run.closed", 0));
  if (isConclusiveFailure(last)) return answer(afterFailure(situation, last).verdict);
  if (last.state === "delivered") return answer(verdict("store", last));
  if (last.state === "started" && last.ageSeconds >= ATTEMPT_SECONDS)
    return { kind: "give-up", n: last.n, afterSeconds: ATTEMPT_SECONDS };
  if (last.state === "waiting" && imageAge(situation) >= IMAGE_SECONDS)
    return { kind: "give-up", n: last.n, afterSeconds: 0 };
  return answer(verdict("wait", last, { waitSeconds: pollDelay(last.ageSeconds) }));
}

/** Who may be called where this route cannot be: itself, or those that would follow it. */
export const candidatesOf = ({ routes }: Situation, route: RunRoute): RunRoute[] =>
  routes.slice(routes.indexOf(route)).filter(({ only }) => only === route.only);

/** There is no room now for the call that was to be made: SubmitImage is to ask for the same attempt again. */
export const noRoom = ({ n, route }: Extract<Move, { kind: "call" }>, waitSeconds: number): ImageVerdict => ({
  verdict: "retry",
  attempt: n,
  waitSeconds,
  error: null,
  provider: null,
  next: route.provider,
});

/** What a failed image is called in receipts and histories: `provider.<kind>` of its last attempt. */
export const errorOf = (attempt: Pick<AttemptRow, "errorKind">): string =>
  `provider.${attempt.errorKind ?? "timeout"}`;

/** For a verdict that no attempt explains. */
export const failed = (provider: string | null, error: string, attempt: number): ImageVerdict => ({
  verdict: "failed",
  attempt,
  waitSeconds: 0,
  error,
  provider,
  next: null,
});

const isConclusiveFailure = ({ state }: AttemptRow) => state === "failed" || state === "unknown";
const imageAge = ({ attempts }: Situation) => attempts[0]?.ageSeconds ?? 0;
const answer = (verdict: ImageVerdict): Settled => ({ kind: "answer", verdict });

function verdict(
  word: ImageVerdict["verdict"],
  of: AttemptRow,
  facts: Partial<ImageVerdict> = {},
): ImageVerdict {
  return {
    verdict: word,
    attempt: of.n,
    waitSeconds: 0,
    error: null,
    provider: of.provider,
    next: null,
    ...facts,
  };
}

/** The route that is called after this failure, if any, and the verdict that says so. */
function afterFailure(
  situation: Situation,
  last: AttemptRow,
): { verdict: ImageVerdict; route: RunRoute | null } {
  const error = errorOf(last);
  const stop = { verdict: failed(last.provider, error, last.n), route: null };
  if (isExhausted(situation)) return stop;

  const { word, delay } = reaction(situation, last);
  if (word === "stop") return stop;
  const here = situation.routes.findIndex((route) => isRouteOf(last, route));
  const next = onward(situation, here, word);
  const route =
    word === "retry"
      ? (situation.routes[here] ?? null)
      : (next ?? (word === "either" ? situation.routes[here] : null));
  if (!route) return stop;

  const sameRoute = isRouteOf(last, route);
  const waitSeconds = sameRoute ? delay : 0;
  if (imageAge(situation) + waitSeconds >= IMAGE_SECONDS) return stop;
  const facts = { attempt: last.n + 1, waitSeconds, error, next: route.provider };
  return { verdict: verdict(sameRoute ? "retry" : "fallback", last, facts), route };
}

/** The next route for the same reason; after a block, one that is there for blocks and was not called yet. */
function onward({ routes, attempts }: Situation, here: number, word: Reaction["word"]): RunRoute | null {
  const following = routes.slice(here + 1);
  if (word !== "policy") return following.find(({ only }) => only === routes[here]?.only) ?? null;
  const isNew = (route: RunRoute) => !attempts.some((row) => isRouteOf(row, route));
  return following.find((route) => route.only === "moderated" && isNew(route)) ?? null;
}

/** Calls are bounded, in number and in time, and after an unknown, which may have been paid for, one more is made (W4). */
function isExhausted(situation: Situation): boolean {
  const { attempts } = situation;
  return (
    attempts.length >= MAX_ATTEMPTS ||
    imageAge(situation) >= IMAGE_SECONDS ||
    attempts.slice(0, -1).some(({ state }) => state === "unknown")
  );
}

/**
 * `retry`: the same route. `next`: another one, or none. `either`: another one, or else the same. `policy`: one that is
 * there for blocks, which by default none is. `stop`: final.
 */
type Reaction = { word: "retry" | "next" | "either" | "policy" | "stop"; delay: number };

/** The table of `providers.md` 6. */
function reaction(situation: Situation, last: AttemptRow): Reaction {
  if (last.state === "unknown") return { word: "either", delay: 1 };
  const before = situation.attempts.filter(
    (row) =>
      row.errorKind === last.errorKind && row.provider === last.provider && row.upstream === last.upstream,
  ).length;
  const upTo = (retries: number, delay: number): Reaction =>
    before <= retries && delay <= MAX_RETRY_DELAY_SECONDS && hasCallToSpare(situation, last)
      ? { word: "retry", delay }
      : { word: "next", delay: 0 };

  switch (last.errorKind) {
    case "rate_limited":
      return upTo(2, Math.ceil(last.retryAfterSeconds ?? 2 ** before + jitter(situation, last.n)));
    case "overloaded":
      return upTo(2, Math.ceil(last.retryAfterSeconds ?? before + jitter(situation, last.n)));
    case "no_image":
    case "bad_response":
      return upTo(1, 1);
    case "quota":
    case "auth":
    case "model_gone":
      return { word: "next", delay: 0 };
    case "timeout":
      return { word: "either", delay: 1 };
    case "moderated":
      return { word: last.errorStage === "input" ? "stop" : "policy", delay: 0 };
    default: // invalid_input: another provider is not a way around a refusal.
      return { word: "stop", delay: 0 };
  }
}

/** A retry is not made of the last call that another way to the same model could have had. */
function hasCallToSpare({ routes, attempts }: Situation, last: AttemptRow): boolean {
  const here = routes.findIndex((route) => isRouteOf(last, route));
  const { product, only } = routes[here] ?? {};
  const untried = routes.slice(here + 1).filter((route) => route.product === product && route.only === only);
  return MAX_ATTEMPTS - attempts.length > untried.length;
}

const isRouteOf = (row: AttemptRow, route: RunRoute) =>
  row.provider === route.provider && row.upstream === route.upstream && row.product === route.product;

/** 0, 1 or 2 s, so that images do not return in step; from the ids, so that a repeated step answers the same. */
function jitter({ runId, image }: Situation, n: number): number {
  return (createHash("sha256").update(`${runId}/${image}/${n}`).digest()[0] ?? 0) % 3;
}

/** Grows from 2 to 10 s with the age of the attempt. */
const pollDelay = (ageSeconds: number) => Math.min(10, Math.max(2, Math.round(ageSeconds / 6)));
