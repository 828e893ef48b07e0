import { aRunAtWork, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { afterEach, expect, test } from "vitest";
import type { Context } from "../context.ts";
import type { Gate, Outcome } from "../routing/gate.ts";
import { type RunRoute, Runs } from "../runs/index.ts";
import { type Drawn, Generations, type Pending, type Provider, ProviderError } from "./index.ts";

/** Guards that every call of a provider goes through the gate, and that the gate hears how each ended (B1, B5, B6). */
const database = freshDatabase();
afterEach(() => expectBalancedBooks(database.db));

const route = (provider: RunRoute["provider"]): RunRoute => ({
  provider,
  upstream: "model",
  product: "nano-banana-2.1",
  costMicros: 40_000,
});
const ROUTES = [route("google"), route("fal")];
const DRAWN: Drawn = {
  state: "drawn",
  bytes: new Uint8Array(1),
  contentType: "image/png",
  requestId: null,
  costMicros: null,
};
const QUEUED: Pending = { state: "pending", handle: "order 1", requestId: null, costMicros: null };

type Act = () => Promise<Drawn | Pending>;
type Scripted = {
  submit?: Act;
  poll?: Act;
  /** By the gate. */
  shut?: readonly string[];
  isFull?: boolean;
  /** Without a key. */
  keyless?: readonly string[];
};

/** The steps on a real database, with a gate and providers that do as they are told, and what the gate heard. */
function world({ submit, poll, shut = [], isFull = false, keyless = [] }: Scripted) {
  const heard: (readonly [event: string, route: string, outcome?: Outcome])[] = [];
  const called: string[] = [];
  const gate: Gate = {
    enter: async (routes, _, isUrgent) => {
      if (isFull && !isUrgent) return { verdict: "wait", seconds: 5 };
      const at = Math.max(
        0,
        routes.findIndex(({ name }) => !shut.includes(name)),
      );
      heard.push(["enter", routes[at]?.name ?? ""]);
      return { verdict: "enter", at };
    },
    renew: async ({ name }) => void heard.push(["renew", name]),
    leave: async ({ name }, _, outcome) => void heard.push(["leave", name, outcome]),
  };
  const provider = async (name: string): Promise<Provider> => {
    if (keyless.includes(name)) throw new Error(`${name} has no key`);
    const none: Act = () => Promise.reject(new Error("not to be called"));
    return {
      submit: () => {
        called.push(name);
        return (submit ?? none)();
      },
      poll: poll ?? none,
    };
  };
  const objects = { put: async () => {} } as unknown as Context["objects"];
  const ctx = { db: database.db, gate, provider, objects, report: () => {} } as unknown as Context;
  return { ctx, heard, called };
}
const submitted = (ctx: Context, runId: string, attempt = 0) =>
  Generations.submitImage(ctx, { runId, image: 0, attempt });
const aRun = () => aRunAtWork(database.db, { routes: ROUTES });
const attemptsOf = (runId: string) => Runs.attempts(database.db, runId, 0);

test("a picture that is drawn at once is an answer", async () => {
  const { ctx, heard } = world({ submit: async () => DRAWN });
  expect(await submitted(ctx, (await aRun()).runId)).toMatchObject({ verdict: "store" });
  expect(heard).toEqual([
    ["enter", "google/model"],
    ["leave", "google/model", { kind: "answered" }],
  ]);
});

test("a queued order keeps its place while it is asked after, also by polls that fail, and then gives it back", async () => {
  const { runId } = await aRun();
  const hiccup = new ProviderError("overloaded", "words", { final: false });
  const replies: Act[] = [async () => QUEUED, () => Promise.reject(hiccup), async () => DRAWN];
  const { ctx, heard } = world({ submit: async () => QUEUED, poll: () => (replies.shift() as Act)() });
  await submitted(ctx, runId);
  for (let poll = 0; poll < 3; poll++) await Generations.pollImage(ctx, { runId, image: 0, attempt: 0 });
  expect(heard.map(([event]) => event)).toEqual(["enter", "renew", "renew", "renew", "leave"]);
  expect(heard.at(-1)?.[2]).toEqual({ kind: "answered" });
});

test.each([
  [new ProviderError("overloaded", "words"), { kind: "failed" }],
  [new ProviderError("quota", "words"), { kind: "out", seconds: 600 }],
  [new ProviderError("moderated", "words", { stage: "output" }), { kind: "answered" }],
  [new TypeError("a bug of ours"), { kind: "none" }],
])("a submit that ends in %s is told as %j, and so is a poll's end", async (error, outcome) => {
  const now = world({ submit: () => Promise.reject(error) });
  await submitted(now.ctx, (await aRun()).runId);
  expect(now.heard.at(-1)).toEqual(["leave", "google/model", outcome]);
  if (!(error instanceof ProviderError)) return;
  const later = world({ submit: async () => QUEUED, poll: () => Promise.reject(error) });
  const { runId } = await aRun();
  await submitted(later.ctx, runId);
  await Generations.pollImage(later.ctx, { runId, image: 0, attempt: 0 });
  expect(later.heard.at(-1)).toEqual(["leave", "google/model", outcome]);
});

test("where the first route is open the next is called and booked, and its failure goes on from there", async () => {
  const { runId } = await aRun();
  const { ctx, called } = world({
    shut: ["google/model"],
    submit: () => Promise.reject(new ProviderError("quota", "words")),
  });
  expect(await submitted(ctx, runId)).toMatchObject({
    verdict: "failed",
    error: "provider.quota",
    provider: "fal",
  });
  expect(called).toEqual(["fal"]);
  expect((await attemptsOf(runId)).map(({ provider }) => provider)).toEqual(["fal"]);
});

test("a provider that has no key here is passed over, and nothing is booked for it", async () => {
  const { runId } = await aRun();
  const { ctx, called } = world({ keyless: ["google"], submit: async () => DRAWN });
  expect(await submitted(ctx, runId)).toMatchObject({ verdict: "store", provider: "fal" });
  expect(called).toEqual(["fal"]);
  expect(await attemptsOf(runId)).toHaveLength(1);
});

test("where the only one left has no key, the image ends by what went wrong before", async () => {
  const { runId } = await aRun();
  const { ctx } = world({
    keyless: ["fal"],
    submit: () => Promise.reject(new ProviderError("quota", "words")),
  });
  expect(await submitted(ctx, runId)).toMatchObject({ verdict: "fallback", next: "fal", attempt: 1 });
  expect(await submitted(ctx, runId, 1)).toMatchObject({ verdict: "failed", error: "provider.quota" });
});

test("where there is no room the same attempt is asked for again, nothing is booked, and after four minutes it is let in", async () => {
  const { runId } = await aRun();
  const { ctx, called } = world({ isFull: true, submit: async () => DRAWN });
  const wait = { verdict: "retry", attempt: 0, waitSeconds: 5, next: "google" };
  expect(await submitted(ctx, runId)).toMatchObject(wait);
  expect(await attemptsOf(runId)).toEqual([]);
  await database.owner`update run set dispatched_at = dispatched_at - interval '241 seconds' where id = ${runId}`;
  expect(await submitted(ctx, runId)).toMatchObject({ verdict: "store" });
  expect(called).toEqual(["google"]);
});

test("a place is given back where the run was closed meanwhile", async () => {
  const { runId } = await aRun();
  const { ctx, heard } = world({ submit: async () => DRAWN });
  const { gate } = ctx;
  const closing: Gate = {
    ...gate,
    enter: async (...asked) => {
      await Runs.settle(database.db, runId, "event");
      return gate.enter(...asked);
    },
  };
  expect(await submitted({ ...ctx, gate: closing }, runId)).toMatchObject({
    verdict: "failed",
    error: "run.closed",
  });
  expect(heard.at(-1)).toEqual(["leave", "google/model", { kind: "none" }]);
});

test("an order that nobody finishes in time is a failure of its route", async () => {
  const { runId } = await aRun();
  const { ctx, heard } = world({ submit: async () => QUEUED });
  await submitted(ctx, runId);
  await database.owner`update run_attempt set started_at = started_at - interval '601 seconds' where run_id = ${runId}`;
  expect(await Generations.pollImage(ctx, { runId, image: 0, attempt: 0 })).toMatchObject({
    verdict: "failed",
  });
  expect(heard.at(-1)).toEqual(["leave", "google/model", { kind: "failed" }]);
  expect(await attemptsOf(runId)).toMatchObject([{ state: "unknown" }]);
});
