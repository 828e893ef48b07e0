import type { Drawn, DrawRequest, Pending } from "@imgpilot/core/generations/provider";
import type { Scripted } from "@imgpilot/simulators/control";
import { fingerprint } from "@imgpilot/simulators/request-log";
import { startSimulators } from "@imgpilot/simulators/start";
import { describe, expect, test, vi } from "vitest";
import { createBfl } from "./bfl.ts";
import { simulated } from "./simulated.fixture.ts";
import { type Failure, failureOf, signal, unusedPort } from "./test-calls.ts";

const KEY = "bfl-a-key-that-must-not-leak";
const FOX: DrawRequest = {
  upstream: "flux-kontext-pro",
  prompt: "a red fox in snow",
  aspectRatio: "3:2",
  resolution: "1K",
  references: [],
};

const { provider: bfl, control } = simulated("bfl", createBfl, KEY);

async function ordered(behaviour: Scripted = "ok"): Promise<Pending> {
  await control.script([behaviour]);
  const pending = await bfl.submit(FOX, signal());
  if (pending.state !== "pending") throw new Error("not pending");
  return pending;
}

/** Polls as the workflow does, past failures that are not final, and counts what was in the way. */
async function polledToEnd(
  handle: string,
): Promise<{ ending: Drawn | Failure; pendings: number; failures: Failure[] }> {
  const failures: Failure[] = [];
  for (let pendings = 0; pendings + failures.length < 10; ) {
    const reply = await bfl
      .poll(handle, signal())
      .catch((error: unknown) => failureOf(Promise.reject(error)));
    if ("state" in reply && reply.state === "drawn") return { ending: reply, pendings, failures };
    if ("state" in reply) pendings++;
    else if (reply.final) return { ending: reply, pendings, failures };
    else failures.push(reply);
  }
  throw new Error("The order never ended");
}

describe("what Black Forest Labs draws", () => {
  test("an order is made once, polled at the address that it named, and fetched without the key", async () => {
    const order = await ordered();
    expect(order).toMatchObject({ requestId: expect.any(String), costMicros: 40_000 });
    const { ending, pendings } = await polledToEnd(order.handle);
    expect(pendings).toBe(2);
    expect(ending).toMatchObject({
      state: "drawn",
      contentType: "image/png",
      requestId: order.requestId,
      costMicros: 40_000,
    });
    const requests = await control.requests();
    expect(requests.map(({ kind }) => kind)).toEqual(["submit", "poll", "poll", "poll", "sample"]);
    expect(requests.map(({ headers }) => headers["x-key"])).toEqual([
      ...Array(4).fill(fingerprint(KEY)),
      undefined,
    ]);
    expect(requests[0]?.body).toEqual({ prompt: FOX.prompt, aspect_ratio: "3:2", output_format: "png" });
  });

  test("references and seed go along, and the picture shows the references", async () => {
    const { ending: reference } = await polledToEnd((await ordered()).handle);
    if (!("state" in reference)) throw new Error("not drawn");
    const request = { ...FOX, seed: 5, references: [1, 2].map(() => reference) };
    await control.reset();
    const edited = await bfl.submit(request, signal());
    if (edited.state !== "pending") throw new Error("not pending");
    await polledToEnd(edited.handle);
    const [submit] = await control.requests("submit");
    const file = { bytes: reference.bytes.byteLength };
    expect(submit?.body).toMatchObject({ seed: 5, input_image: file, input_image_2: file });
  });

  test("FLUX.2 is asked for pixels, and for as many references as it takes", async () => {
    const upstream = "flux-2-pro";
    const { ending: reference } = await polledToEnd((await ordered()).handle);
    if (!("state" in reference)) throw new Error("not drawn");
    await control.reset();
    const references = Array(5).fill(reference);
    const large = await bfl.submit({ ...FOX, upstream, resolution: "2K", references }, signal());
    if (large.state !== "pending") throw new Error("not pending");
    expect(large.costMicros).toBe(30_000 + 15_000 * (3 + 5));
    expect((await polledToEnd(large.handle)).ending).toMatchObject({ state: "drawn" });
    const [{ body } = { body: {} }] = await control.requests("submit");
    expect(body).toMatchObject({ width: 2_448, height: 1_632, input_image_5: expect.any(Object) });
    expect(body).not.toHaveProperty("aspect_ratio");
  });

  test("what a model cannot be asked for is refused before anything is sent", async () => {
    const reference = { bytes: new Uint8Array(1), contentType: "image/png" };
    const requests: Partial<DrawRequest>[] = [
      { resolution: "2K" },
      { references: Array(5).fill(reference) },
      { upstream: "flux-2-pro", resolution: "4K" },
      { upstream: "flux-2-max", references: Array(9).fill(reference) },
    ];
    for (const part of requests)
      expect(await failureOf(bfl.submit({ ...FOX, ...part }, signal()))).toMatchObject({
        kind: "invalid_input",
        maybeBilled: false,
      });
    expect(await control.requests()).toEqual([]);
  });

  test.each(["truncated", "bomb"])("a %s picture is handed on: only decoding it can tell", async (name) => {
    const { ending } = await polledToEnd((await ordered(name)).handle);
    expect(ending).toMatchObject({ state: "drawn" });
  });
});

/** Submits that end the attempt. Whatever a row does not name is: no stage, no delay, not billed. */
const SUBMITS: readonly (readonly [behaviour: Scripted, meaning: Partial<Failure>])[] = [
  [
    { name: "429", retryAfterSeconds: 1 },
    { kind: "rate_limited", retryAfterSeconds: 1 },
  ],
  [
    { name: "429-ms", retryAfterSeconds: 2.5 },
    { kind: "rate_limited", retryAfterSeconds: 3 },
  ],
  [
    { name: "429-body", retryAfterSeconds: 7 },
    { kind: "rate_limited", retryAfterSeconds: 7, reason: "rate_limit_exceeded" },
  ],
  [
    { name: "429", retryAfterSeconds: 36_000 },
    { kind: "quota", retryAfterSeconds: 36_000 },
  ],
  ["quota", { kind: "quota" }],
  ["auth", { kind: "auth" }],
  ["unauthorized", { kind: "auth", reason: "unauthorized" }],
  ["model-gone", { kind: "model_gone" }],
  ["invalid", { kind: "invalid_input", reason: "value_error" }],
  ["400", { kind: "invalid_input" }],
  ["500", { kind: "overloaded", maybeBilled: true }],
  ["502-html", { kind: "overloaded", maybeBilled: true }],
  ["503", { kind: "overloaded" }],
  ["503-html", { kind: "overloaded" }],
  ["redirect", { kind: "bad_response" }],
  ["reset-after", { kind: "timeout", reason: "econnreset", maybeBilled: true }],
  ["reset-before", { kind: "timeout", reason: "econnreset", maybeBilled: true }],
  ["not-json", { kind: "bad_response", maybeBilled: true }],
  ["no-polling-url", { kind: "bad_response", maybeBilled: true }],
  ["untrusted-polling-url", { kind: "bad_response", reason: "untrusted_host", maybeBilled: true }],
  ...[
    "http://api.bfl.ai/v1/get_result?id=1",
    "https://bfl.ai@127.0.0.1/",
    "https://notbfl.ai/",
    "https://api.bfl.ai:8443/",
    "nowhere",
  ].map(
    (url) =>
      [
        { name: "untrusted-polling-url", url },
        { kind: "bad_response", reason: "untrusted_host", maybeBilled: true },
      ] as const,
  ),
];

/** Polls that end the order. */
const ENDINGS: readonly (readonly [behaviour: Scripted, meaning: Partial<Failure>])[] = [
  [
    "moderated-input",
    { kind: "moderated", stage: "input", reason: "derivative_works_filter", maybeBilled: false },
  ],
  ["moderated-output", { kind: "moderated", stage: "output", reason: "safety_filter", maybeBilled: false }],
  ["error", { kind: "overloaded", reason: "error", maybeBilled: false }],
  ["failed", { kind: "overloaded", reason: "failed", maybeBilled: false }],
  ["task-not-found", { kind: "bad_response", reason: "task_not_found" }],
  ["poll-404", { kind: "bad_response", reason: "task_not_found" }],
  ["not-an-image", { kind: "bad_response", reason: "not_an_image" }],
  ["huge", { kind: "bad_response", reason: "too_large" }],
  ["sample-untrusted", { kind: "bad_response", reason: "untrusted_host" }],
];

/** Polls that fail and leave the order standing: what the failure is called, and how many polls it takes in all. */
const HICCUPS: readonly (readonly [behaviour: Scripted, meaning: Partial<Failure> | null, polls: number])[] =
  [
    [{ name: "poll-500", polls: 1 }, { kind: "overloaded" }, 4],
    [{ name: "poll-503-html", polls: 2 }, { kind: "overloaded" }, 5],
    [{ name: "poll-429", retryAfterSeconds: 3 }, { kind: "rate_limited", retryAfterSeconds: 3 }, 4],
    ["poll-auth", { kind: "auth" }, 4],
    ["poll-not-json", { kind: "bad_response" }, 4],
    ["poll-reset", { kind: "timeout" }, 4],
    ["poll-redirect", { kind: "bad_response" }, 4],
    ["sample-403", { kind: "bad_response", reason: "sample_expired" }, 4],
    ["sample-500", { kind: "overloaded" }, 4],
    ["sample-reset", { kind: "timeout" }, 4],
    ["sample-redirect", null, 3],
    [{ name: "unknown-status", polls: 3, status: "Dreaming" }, null, 4],
    [{ name: "pending", polls: 5 }, null, 6],
    [{ name: "pending", polls: 0 }, null, 1],
  ];

const NOT_SAFE = /<|\{|bfl-a-key|fox|127\.0\.0\.1|Insufficient/;

describe("what failures of Black Forest Labs mean", () => {
  test.each(SUBMITS)(
    "a submit met with %j is told as %j, after exactly one call",
    async (behaviour, meaning) => {
      await control.script([behaviour]);
      const failure = await failureOf(bfl.submit(FOX, signal()));
      expect(failure).toMatchObject({
        stage: null,
        retryAfterSeconds: null,
        maybeBilled: false,
        final: true,
        ...meaning,
      });
      expect(failure.message).not.toMatch(NOT_SAFE);
      expect((await control.requests()).map(({ kind }) => kind)).toEqual(["submit"]);
    },
  );

  test.each(ENDINGS)(
    "an order that ends with %j is told as %j, and was submitted once",
    async (behaviour, meaning) => {
      const { ending } = await polledToEnd((await ordered(behaviour)).handle);
      expect(ending).toMatchObject({
        stage: null,
        retryAfterSeconds: null,
        maybeBilled: true,
        final: true,
        ...meaning,
      });
      expect((ending as Failure).message).not.toMatch(NOT_SAFE);
      expect(await control.requests("submit")).toHaveLength(1);
    },
  );

  test.each(HICCUPS)(
    "an order survives %j, told as %j, and is drawn by poll %i of one submit",
    async (behaviour, meaning, polls) => {
      const { ending, failures } = await polledToEnd((await ordered(behaviour)).handle);
      expect(ending).toMatchObject({ state: "drawn" });
      for (const failure of failures) {
        expect(failure).toMatchObject({ maybeBilled: true, final: false, ...meaning });
        expect(failure.message).not.toMatch(NOT_SAFE);
      }
      expect(failures.length > 0).toBe(meaning !== null);
      expect(await control.requests("poll")).toHaveLength(polls);
      expect(await control.requests("submit")).toHaveLength(1);
    },
  );

  test.each(["submit", "poll"])(
    "a %s that is given up while the answer is on its way timed out",
    async (phase) => {
      const patience = new AbortController();
      const order = await ordered(phase === "poll" ? "poll-stall" : "ok");
      await control.script(["stall"]);
      const call = failureOf(
        phase === "poll" ? bfl.poll(order.handle, patience.signal) : bfl.submit(FOX, patience.signal),
      );
      await vi.waitFor(async () =>
        expect((await control.requests()).at(-1)).toMatchObject({ status: 200, outcome: "open" }),
      );
      patience.abort();
      expect(await call).toMatchObject({ kind: "timeout", maybeBilled: true, final: phase === "submit" });
    },
  );

  test("a provider that cannot be reached is an outage: free for a submit, and only a bad poll for an order", async () => {
    const root = `http://127.0.0.1:${await unusedPort()}`;
    const away = createBfl({ baseUrl: root, apiKey: KEY });
    expect(await failureOf(away.submit(FOX, signal()))).toMatchObject({
      kind: "overloaded",
      maybeBilled: false,
      final: true,
    });
    const poll = await failureOf(away.poll(`${root}/v1/get_result?id=1`, signal()));
    expect(poll).toMatchObject({ kind: "overloaded", maybeBilled: true, final: false });
  });

  test("an order beyond the 24 that may be active at once is rate limited", async () => {
    const crowd = await startSimulators({ submitMilliseconds: 0 });
    try {
      const crowded = createBfl({ baseUrl: crowd.urls.bfl, apiKey: KEY });
      await Promise.all(Array.from({ length: 24 }, () => crowded.submit(FOX, signal())));
      expect(await failureOf(crowded.submit(FOX, signal()))).toMatchObject({
        kind: "rate_limited",
        maybeBilled: false,
      });
    } finally {
      await crowd.close();
    }
  });
});
