import type { DrawRequest, Pending } from "@imgpilot/core/generations/provider";
import type { Scripted } from "@imgpilot/simulators/control";
import { fingerprint } from "@imgpilot/simulators/request-log";
import { describe, expect, test, vi } from "vitest";
import { NOT_SAFE, PLAIN, polledToEnd } from "./queue.fixture.ts";
import { createReplicate } from "./replicate.ts";
import { simulated } from "./simulated.fixture.ts";
import { type Failure, failureOf, signal, unusedPort } from "./test-calls.ts";

const TOKEN = "r8-a-token-that-must-not-leak";
const FOX: DrawRequest = {
  upstream: "black-forest-labs/flux-kontext-pro",
  prompt: "a red fox in snow",
  aspectRatio: "3:2",
  resolution: "1K",
  references: [],
};

const { provider: replicate, control, urls } = simulated("replicate", createReplicate, TOKEN);

async function ordered(behaviour: Scripted = "ok"): Promise<Pending> {
  await control.script([behaviour]);
  const pending = await replicate.submit(FOX, signal());
  if (pending.state !== "pending") throw new Error("not pending");
  return pending;
}

describe("what Replicate draws", () => {
  test("a prediction is created once, asked after, and its picture fetched without the token", async () => {
    const order = await ordered();
    const { ending, pendings } = await polledToEnd(replicate, order.handle);
    expect(pendings).toBe(2);
    expect(ending).toMatchObject({ state: "drawn", contentType: "image/png", requestId: order.requestId });
    const requests = await control.requests();
    expect(requests.map(({ kind }) => kind)).toEqual(["submit", "poll", "poll", "poll", "sample"]);
    const shown = requests.map(({ headers }) => headers.authorization);
    expect(shown).toEqual([...Array(4).fill(fingerprint(`Bearer ${TOKEN}`)), undefined]);
    expect(requests[0]).toMatchObject({
      path: "/replicate/v1/models/black-forest-labs/flux-kontext-pro/predictions",
      headers: { "cancel-after": "8m" },
      body: { input: { prompt: FOX.prompt, aspect_ratio: "3:2", output_format: "png" } },
    });
  });

  const URI = expect.stringMatching(/^data:image\/png;base64,/);
  /** What the input of a model says beside the prompt. */
  const INPUTS: readonly (readonly [Partial<DrawRequest>, references: number, input: object])[] = [
    [{ seed: 5 }, 1, { seed: 5, input_image: URI }],
    [{ upstream: "google/nano-banana" }, 2, { image_input: [URI, URI] }],
    [{ upstream: "google/nano-banana-pro", resolution: "4K" }, 0, { resolution: "4K" }],
    [
      { upstream: "black-forest-labs/flux-2-pro", seed: 7 },
      1,
      { resolution: "1 MP", seed: 7, input_images: [URI] },
    ],
    [{ upstream: "black-forest-labs/flux-2-max", resolution: "2K" }, 0, { resolution: "4 MP" }],
  ];
  test.each(INPUTS)("%j with %i references is asked for as %j and drawn", async (part, references, input) => {
    const { ending } = await polledToEnd(replicate, (await ordered({ name: "pending", polls: 0 })).handle);
    if (!("state" in ending)) throw new Error("not drawn");
    await control.reset();
    const request = { ...FOX, ...part, references: Array(references).fill(ending) };
    const order = await replicate.submit(request, signal());
    if (order.state !== "pending") throw new Error("not pending");
    expect((await polledToEnd(replicate, order.handle)).ending).toMatchObject({ state: "drawn" });
    const [submit] = await control.requests("submit");
    expect(submit?.body).toMatchObject({ input });
  });

  test("references that are too large to go along are laid down first, with the token, and drawn from", async () => {
    const { ending } = await polledToEnd(replicate, (await ordered({ name: "pending", polls: 0 })).handle);
    if (!("state" in ending)) throw new Error("not drawn");
    await control.reset();
    // A picture is not spoiled by what comes after it.
    const large = { ...ending, bytes: Buffer.concat([ending.bytes, Buffer.alloc(6_000_000)]) };
    const request = { ...FOX, upstream: "google/nano-banana-pro", references: [large, large] };
    const order = await replicate.submit(request, signal());
    if (order.state !== "pending") throw new Error("not pending");
    expect((await polledToEnd(replicate, order.handle)).ending).toMatchObject({ state: "drawn" });
    const [first, second, submit] = await control.requests();
    for (const file of [first, second]) {
      expect(file).toMatchObject({ path: "/replicate/v1/files", status: 201 });
      expect(file?.headers.authorization).toBe(fingerprint(`Bearer ${TOKEN}`));
    }
    const laidDown = expect.stringMatching(/\/v1\/files\//);
    expect(submit).toMatchObject({ kind: "submit", body: { input: { image_input: [laidDown, laidDown] } } });
  });

  test.each([
    ["is cut off", () => Promise.reject(Object.assign(new TypeError(), { cause: { code: "ECONNRESET" } }))],
    ["breaks there", async () => new Response("{}", { status: 500 })],
  ])("a reference whose way %s has ordered nothing, and costs nothing", async (_, fetch) => {
    const away = createReplicate({ baseUrl: urls().replicate, apiKey: TOKEN, fetch });
    const large = { bytes: new Uint8Array(10_000_001), contentType: "image/png" };
    const failure = await failureOf(away.submit({ ...FOX, references: [large] }, signal()));
    expect(failure).toMatchObject({ kind: "overloaded", maybeBilled: false, final: true });
  });

  test("what a model cannot be asked for is refused before anything is sent", async () => {
    const tiny = { bytes: new Uint8Array(1), contentType: "image/png" };
    const requests: [Partial<DrawRequest>, kind: string][] = [
      [{ resolution: "2K" }, "invalid_input"],
      [{ references: [tiny, tiny] }, "invalid_input"],
      [{ upstream: "google/nano-banana", resolution: "2K" }, "invalid_input"],
      [{ upstream: "black-forest-labs/flux-2-pro", resolution: "4K" }, "invalid_input"],
      [{ upstream: "black-forest-labs/flux-2-pro", aspectRatio: "21:9" }, "invalid_input"],
      [{ upstream: "google/../../account" }, "model_gone"],
    ];
    for (const [part, kind] of requests)
      expect(await failureOf(replicate.submit({ ...FOX, ...part }, signal()))).toMatchObject({
        kind,
        maybeBilled: false,
      });
    expect(await control.requests()).toEqual([]);
  });
});

/** Submits that end the attempt. Whatever a row does not name is as in PLAIN. */
const SUBMITS: readonly (readonly [behaviour: Scripted, meaning: Partial<Failure>])[] = [
  [
    { name: "429", retryAfterSeconds: 30 },
    { kind: "rate_limited", retryAfterSeconds: 30 },
  ],
  [
    { name: "429-header", retryAfterSeconds: 2 },
    { kind: "rate_limited", retryAfterSeconds: 2 },
  ],
  [
    { name: "429", retryAfterSeconds: 36_000 },
    { kind: "quota", retryAfterSeconds: 36_000 },
  ],
  ["quota", { kind: "quota", reason: "insufficient_credit" }],
  ["auth", { kind: "auth", reason: "unauthenticated" }],
  ["forbidden", { kind: "auth" }],
  ["model-gone", { kind: "model_gone" }],
  ["invalid", { kind: "invalid_input", reason: "input_validation_failed" }],
  ["400", { kind: "invalid_input" }],
  ["500", { kind: "overloaded", maybeBilled: true }],
  ["502-html", { kind: "overloaded", maybeBilled: true }],
  ["503", { kind: "overloaded" }],
  ["503-html", { kind: "overloaded" }],
  ["504", { kind: "timeout", maybeBilled: true }],
  ["redirect", { kind: "bad_response" }],
  ["reset-after", { kind: "timeout", reason: "econnreset", maybeBilled: true }],
  ["reset-before", { kind: "timeout", reason: "econnreset", maybeBilled: true }],
  ["not-json", { kind: "bad_response", maybeBilled: true }],
  ["no-get-url", { kind: "bad_response", maybeBilled: true }],
  ...[
    "https://api.replicate.com@127.0.0.1/",
    "http://api.replicate.com/x",
    "https://replicate.com/x",
    "nowhere",
  ].map(
    (url) =>
      [
        { name: "untrusted-get-url", url },
        { kind: "bad_response", reason: "untrusted_host", maybeBilled: true },
      ] as const,
  ),
];

/** Polls that end the prediction; all may have been paid for, but those that say so. */
const ENDINGS: readonly (readonly [behaviour: Scripted, meaning: Partial<Failure>])[] = [
  ["moderated", { kind: "moderated", stage: null, reason: "sensitive" }],
  ["moderated-nsfw", { kind: "moderated", stage: null, reason: "sensitive" }],
  ["failed", { kind: "overloaded", reason: "failed" }],
  ["busy", { kind: "overloaded", reason: "e003" }],
  ["input-refused", { kind: "invalid_input", reason: "e006" }],
  ["canceled", { kind: "timeout", reason: "canceled" }],
  ["aborted", { kind: "overloaded", reason: "aborted", maybeBilled: false }],
  ["empty", { kind: "no_image" }],
  ["data-removed", { kind: "bad_response", reason: "data_removed" }],
  ["poll-404", { kind: "bad_response", reason: "task_not_found" }],
  ["not-an-image", { kind: "bad_response", reason: "not_an_image" }],
  ["huge", { kind: "bad_response", reason: "too_large" }],
  ["sample-untrusted", { kind: "bad_response", reason: "untrusted_host" }],
];

/** Polls that fail and leave the prediction standing: what the failure is called, and how many polls find the picture. */
const HICCUPS: readonly (readonly [behaviour: Scripted, meaning: Partial<Failure> | null, polls: number])[] =
  [
    ["poll-500", { kind: "overloaded" }, 4],
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
    [{ name: "unknown-status", polls: 3, status: "dreaming" }, null, 4],
    [{ name: "pending", polls: 0 }, null, 1],
  ];

describe("what failures of Replicate mean", () => {
  test.each(SUBMITS)(
    "a submit met with %j is told as %j, after exactly one call",
    async (behaviour, meaning) => {
      await control.script([behaviour]);
      const failure = await failureOf(replicate.submit(FOX, signal()));
      expect(failure).toMatchObject({ ...PLAIN, ...meaning });
      expect(failure.message).not.toMatch(NOT_SAFE);
      expect((await control.requests()).map(({ kind }) => kind)).toEqual(["submit"]);
    },
  );

  test.each(ENDINGS)(
    "a prediction that ends with %j is told as %j, and was created once",
    async (behaviour, meaning) => {
      const { ending } = await polledToEnd(replicate, (await ordered(behaviour)).handle);
      expect(ending).toMatchObject({ ...PLAIN, maybeBilled: true, ...meaning });
      expect((ending as Failure).message).not.toMatch(NOT_SAFE);
      expect(await control.requests("submit")).toHaveLength(1);
    },
  );

  test.each(HICCUPS)(
    "a prediction survives %j, told as %j, and is drawn by poll %i of one submit",
    async (behaviour, meaning, polls) => {
      const { ending, failures } = await polledToEnd(replicate, (await ordered(behaviour)).handle);
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
      const { signal: given } = patience;
      const call = failureOf(
        phase === "poll" ? replicate.poll(order.handle, given) : replicate.submit(FOX, given),
      );
      await vi.waitFor(async () =>
        expect((await control.requests()).at(-1)).toMatchObject({ status: 200, outcome: "open" }),
      );
      patience.abort();
      expect(await call).toMatchObject({ kind: "timeout", maybeBilled: true, final: phase === "submit" });
    },
  );

  test("a handle that leads elsewhere is not followed with the token", async () => {
    for (const handle of [
      "http://169.254.169.254/latest",
      "https://api.replicate.com.example.com/v1/predictions/1",
    ])
      expect(await failureOf(replicate.poll(handle, signal()))).toMatchObject({
        reason: "untrusted_host",
        final: true,
      });
    expect(await control.requests()).toEqual([]);
  });

  test("a provider that cannot be reached is an outage: free for a submit, and only a bad poll for an order", async () => {
    const root = `http://127.0.0.1:${await unusedPort()}`;
    const away = createReplicate({ baseUrl: root, apiKey: TOKEN });
    const outage = { kind: "overloaded", maybeBilled: false, final: true };
    expect(await failureOf(away.submit(FOX, signal()))).toMatchObject(outage);
    const poll = await failureOf(away.poll(`${root}/v1/predictions/1`, signal()));
    expect(poll).toMatchObject({ kind: "overloaded", maybeBilled: true, final: false });
  });
});
