import { describe, expect, test } from "vitest";
import type { AttemptRow, RunRoute } from "../runs/index.ts";
import { ATTEMPT_SECONDS, IMAGE_SECONDS, MAX_ATTEMPTS } from "./limits.ts";
import { FLUX, failedWith, GOOGLE, type RowFacts, situation, VERTEX } from "./verdict.fixture.ts";
import { currentMove, submitMove } from "./verdict.ts";

const verdictOf = (rows: RowFacts[], routes?: RunRoute[]) => {
  const move = currentMove(situation(rows, routes));
  if (move.kind !== "answer") throw new Error("expected an answer");
  return move.verdict;
};

describe("what follows a failure, where another route is left and where none is", () => {
  const both: [string, RowFacts, string, string][] = [
    [
      "a short rate limit is waited out on the same route",
      failedWith("rate_limited", { retryAfterSeconds: 7 }),
      "retry 7",
      "retry 7",
    ],
    [
      "a part of a second is a whole one",
      failedWith("rate_limited", { retryAfterSeconds: 0.2 }),
      "retry 1",
      "retry 1",
    ],
    ["15 s is still short", failedWith("rate_limited", { retryAfterSeconds: 15 }), "retry 15", "retry 15"],
    [
      "a long rate limit is not waited for",
      failedWith("rate_limited", { retryAfterSeconds: 16 }),
      "fallback 0",
      "failed 0",
    ],
    [
      "an overload is waited out for as long as the provider asks",
      failedWith("overloaded", { retryAfterSeconds: 9 }),
      "retry 9",
      "retry 9",
    ],
    [
      "an overload that is to last is not waited for",
      failedWith("overloaded", { retryAfterSeconds: 16 }),
      "fallback 0",
      "failed 0",
    ],
    ["no image, once more", failedWith("no_image"), "retry 1", "retry 1"],
    ["an answer that is not understood, once more", failedWith("bad_response"), "retry 1", "retry 1"],
    ["an empty quota does not fill by waiting", failedWith("quota"), "fallback 0", "failed 0"],
    ["a refused key stays refused", failedWith("auth"), "fallback 0", "failed 0"],
    ["a model that is gone stays gone", failedWith("model_gone"), "fallback 0", "failed 0"],
    [
      "what was blocked is not tried elsewhere (W6)",
      failedWith("moderated", { errorStage: "input" }),
      "failed 0",
      "failed 0",
    ],
    ["nor is a blocked picture", failedWith("moderated", { errorStage: "output" }), "failed 0", "failed 0"],
    ["what no provider can use is final", failedWith("invalid_input"), "failed 0", "failed 0"],
    [
      "an unknown gets one more call, elsewhere if possible",
      { state: "unknown", errorKind: "timeout" },
      "fallback 0",
      "retry 1",
    ],
  ];
  test.each(both)("%s", (_, row, withAnother, withNone) => {
    const words = (routes: RunRoute[]) => {
      const { verdict, waitSeconds } = verdictOf([row], routes);
      return `${verdict} ${waitSeconds}`;
    };
    expect([words([GOOGLE, FLUX]), words([GOOGLE])]).toEqual([withAnother, withNone]);
  });

  test("overload is retried twice, with pauses that grow, then another route is taken", () => {
    const rows = [failedWith("overloaded"), failedWith("overloaded"), failedWith("overloaded")];
    const after = [1, 2, 3].map((n) => verdictOf(rows.slice(0, n), [GOOGLE, FLUX]));
    expect(after.map(({ verdict, next }) => [verdict, next])).toEqual([
      ["retry", "google"],
      ["retry", "google"],
      ["fallback", "bfl"],
    ]);
    for (const { waitSeconds } of after.slice(0, 2)) expect(waitSeconds).toBeGreaterThanOrEqual(1);
  });

  test("a rate limit without a delay is waited out twice, then another route is taken", () => {
    const rows = [failedWith("rate_limited"), failedWith("rate_limited"), failedWith("rate_limited")];
    expect([1, 2, 3].map((n) => verdictOf(rows.slice(0, n), [GOOGLE, FLUX]).verdict)).toEqual([
      "retry",
      "retry",
      "fallback",
    ]);
  });

  test("a route starts with its own retries: those of the one before do not count", () => {
    const rows = [failedWith("no_image"), failedWith("no_image"), failedWith("no_image", { route: VERTEX })];
    expect(verdictOf(rows, [GOOGLE, VERTEX])).toMatchObject({ verdict: "retry", attempt: 3, next: "google" });
  });

  test("a failure names the last attempt's error, and who made it", () => {
    expect(verdictOf([failedWith("moderated", { route: FLUX })], [FLUX])).toEqual({
      verdict: "failed",
      attempt: 0,
      waitSeconds: 0,
      error: "provider.moderated",
      provider: "bfl",
      next: null,
    });
  });
});

describe("an attempt that is not finished", () => {
  test("is waited for while its Lambda may be alive, and is given up when it cannot be (rule 5, W4)", () => {
    expect(verdictOf([{ state: "started", ageSeconds: ATTEMPT_SECONDS - 1 }]).verdict).toBe("wait");
    expect(currentMove(situation([{ state: "started", ageSeconds: ATTEMPT_SECONDS }]))).toEqual({
      kind: "give-up",
      n: 0,
      afterSeconds: ATTEMPT_SECONDS,
    });
  });

  test("with a handle is asked after until the image's deadline: only the poll is ever repeated (rule 5)", () => {
    const waiting = (ageSeconds: number) => situation([{ state: "waiting", handle: "h", ageSeconds }]);
    expect(currentMove(waiting(IMAGE_SECONDS - 1))).toMatchObject({ verdict: { verdict: "wait" } });
    expect(currentMove(waiting(IMAGE_SECONDS))).toMatchObject({ kind: "give-up" });
  });

  test("is asked after every 2 s at first and every 10 s later, so that no Lambda idles and no history fills up", () => {
    const waits = [0, 12, 30, 60, 200].map(
      (ageSeconds) => verdictOf([{ state: "waiting", ageSeconds }]).waitSeconds,
    );
    expect(waits).toEqual([2, 2, 5, 10, 10]);
  });

  test("delivered is stored", () => {
    expect(verdictOf([failedWith("overloaded"), { state: "delivered" }])).toMatchObject({
      verdict: "store",
      attempt: 1,
    });
  });
});

describe("SubmitImage", () => {
  test("calls the first route first", () => {
    expect(submitMove(situation([], [GOOGLE, FLUX]), 0)).toEqual({ kind: "call", n: 0, route: GOOGLE });
  });

  test("that is repeated answers from its row, and calls nobody (W4)", () => {
    const rows: RowFacts[] = [failedWith("overloaded"), failedWith("overloaded")];
    expect(submitMove(situation(rows), 1)).toMatchObject({
      kind: "answer",
      verdict: { verdict: "retry", attempt: 2 },
    });
    expect(submitMove(situation(rows), 2)).toMatchObject({ kind: "call", n: 2 });
    expect(submitMove(situation(rows), 2)).toEqual(submitMove(situation(rows), 2));
  });

  test("never calls while an attempt is under way, whatever number it is asked for", () => {
    for (const state of ["started", "waiting", "delivered"] as const)
      expect(submitMove(situation([{ state }]), 5).kind).toBe("answer");
  });

  test("makes no call after the image's deadline, nor one whose pause would end after it", () => {
    const late = [failedWith("overloaded", { ageSeconds: IMAGE_SECONDS - 1 })];
    expect(submitMove(situation(late), 1)).toMatchObject({ verdict: { verdict: "failed" } });
  });

  test("answers for a run that may call nobody instead of failing", () => {
    expect(submitMove(situation([], []), 0)).toMatchObject({ verdict: { verdict: "failed" } });
  });
});

/** Every way in which providers can answer, explored to its end. */
describe("all histories of an image", () => {
  const REPLIES: RowFacts[] = [
    failedWith("rate_limited"),
    failedWith("rate_limited", { retryAfterSeconds: 60 }),
    failedWith("overloaded"),
    failedWith("no_image"),
    failedWith("bad_response"),
    failedWith("quota"),
    failedWith("moderated"),
    { state: "unknown", errorKind: "timeout" },
    { state: "delivered" },
  ];
  const MAX_ON_A_ROUTE = {
    rate_limited: 3,
    overloaded: 3,
    no_image: 2,
    bad_response: 2,
    quota: 1,
    moderated: 1,
  };

  function explore(
    rows: RowFacts[],
    routes: RunRoute[],
    visit: (attempts: readonly AttemptRow[], end: string) => void,
  ) {
    const now = situation(rows, routes);
    const move = submitMove(now, rows.length);
    if (move.kind === "call")
      for (const reply of REPLIES) explore([...rows, { ...reply, route: move.route }], routes, visit);
    else visit(now.attempts, move.kind === "answer" ? move.verdict.verdict : move.kind);
  }

  test.each([
    ["one route", [GOOGLE]],
    ["two routes", [GOOGLE, FLUX]],
    ["three routes", [GOOGLE, VERTEX, FLUX]],
  ])(
    "end, with %s: calls are bounded, in the order of the routes, and one follows an unknown at most (W4, W6)",
    (_, routes) => {
      let histories = 0;
      explore([], routes, (attempts, end) => {
        histories += 1;
        const told = JSON.stringify(
          attempts.map(({ upstream, state, errorKind }) => [upstream, state, errorKind]),
        );
        const places = attempts.map(({ upstream }) =>
          routes.findIndex((route) => route.upstream === upstream),
        );
        const unknown = attempts.findIndex(({ state }) => state === "unknown");
        const wrong =
          (attempts.length > MAX_ATTEMPTS && "too many calls") ||
          (places.some((place, i) => place < (places[i - 1] ?? 0)) && "a route was gone back to") ||
          (unknown >= 0 && attempts.length > unknown + 2 && "more than one call after an unknown") ||
          (attempts.slice(0, -1).some(({ errorKind }) => errorKind === "moderated") &&
            "a refusal was gone round") ||
          ((end === "store") !== (attempts.at(-1)?.state === "delivered") &&
            "stored what was not delivered") ||
          (end !== "store" && end !== "failed" && `ended in ${end}`) ||
          (Object.entries(MAX_ON_A_ROUTE).some(([kind, max]) =>
            routes.some(
              ({ upstream }) =>
                attempts.filter((a) => a.upstream === upstream && a.errorKind === kind).length > max,
            ),
          ) &&
            "too many retries of one kind");
        if (wrong) expect.fail(`${wrong}: ${told}`);
      });
      expect(histories).toBeGreaterThan(50);
    },
  );
});
