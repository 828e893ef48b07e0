import type { DrawRequest, Pending } from "@imgpilot/core/generations/provider";
import type { Scripted } from "@imgpilot/simulators/control";
import { fingerprint } from "@imgpilot/simulators/request-log";
import { describe, expect, test, vi } from "vitest";
import { createFal } from "./fal.ts";
import { NOT_SAFE, PLAIN, polledToEnd } from "./queue.fixture.ts";
import { simulated } from "./simulated.fixture.ts";
import { type Failure, failureOf, signal, unusedPort } from "./test-calls.ts";

const KEY = "fal-a-key-that-must-not-leak";
const FOX: DrawRequest = {
  upstream: "fal-ai/flux-pro/kontext",
  prompt: "a red fox in snow",
  aspectRatio: "3:2",
  resolution: "1K",
  references: [],
};

const { provider: fal, control } = simulated("fal", createFal, KEY);

async function ordered(behaviour: Scripted = "ok"): Promise<Pending> {
  await control.script([behaviour]);
  const pending = await fal.submit(FOX, signal());
  if (pending.state !== "pending") throw new Error("not pending");
  return pending;
}

describe("what fal draws", () => {
  test("an order is made once, asked after, its result read, and the picture fetched without the key", async () => {
    const order = await ordered();
    const { ending, pendings } = await polledToEnd(fal, order.handle);
    expect(pendings).toBe(2);
    expect(ending).toMatchObject({ state: "drawn", contentType: "image/png", requestId: order.requestId });
    const requests = await control.requests();
    expect(requests.map(({ kind }) => kind)).toEqual(["submit", "poll", "poll", "poll", "poll", "sample"]);
    const shown = requests.map(({ headers }) => headers.authorization);
    expect(shown).toEqual([...Array(5).fill(fingerprint(`Key ${KEY}`)), undefined]);
    expect(requests[0]).toMatchObject({
      path: "/fal/fal-ai/flux-pro/kontext/text-to-image",
      headers: { "x-fal-request-timeout": "120" },
      body: { prompt: FOX.prompt, aspect_ratio: "3:2", output_format: "png", num_images: 1 },
    });
  });

  /** The endpoint that an order reaches, and what its input says beside the prompt. */
  const ENDPOINTS: readonly (readonly [
    Partial<DrawRequest>,
    references: number,
    path: string,
    input: object,
  ])[] = [
    [{ seed: 5 }, 0, "flux-pro/kontext/text-to-image", { seed: 5 }],
    [{}, 1, "flux-pro/kontext", { image_url: expect.stringMatching(/^data:image\/png;base64,/) }],
    [
      { upstream: "fal-ai/flux-pro/kontext/max" },
      2,
      "flux-pro/kontext/max/multi",
      { image_urls: { length: 2 } },
    ],
    [{ upstream: "fal-ai/nano-banana" }, 0, "nano-banana", { aspect_ratio: "3:2" }],
    [
      { upstream: "fal-ai/nano-banana-pro", resolution: "4K" },
      1,
      "nano-banana-pro/edit",
      { resolution: "4K" },
    ],
    [{ upstream: "fal-ai/flux-2-pro" }, 0, "flux-2-pro", { image_size: { width: 1_248, height: 832 } }],
    [
      { upstream: "fal-ai/flux-2-max", resolution: "2K" },
      1,
      "flux-2-max/edit",
      { image_size: { width: 2_448, height: 1_632 } },
    ],
  ];
  test.each(ENDPOINTS)(
    "%j with %i references is asked of %s and drawn",
    async (part, references, path, input) => {
      const reference = await drawnReference();
      await control.reset();
      const order = await fal.submit(
        { ...FOX, ...part, references: Array(references).fill(reference) },
        signal(),
      );
      if (order.state !== "pending") throw new Error("not pending");
      expect((await polledToEnd(fal, order.handle)).ending).toMatchObject({ state: "drawn" });
      const [submit] = await control.requests("submit");
      expect(submit?.path).toBe(`/fal/fal-ai/${path}`);
      expect(submit?.body).toMatchObject(input);
    },
  );

  let reference: { bytes: Uint8Array; contentType: string } | undefined;
  async function drawnReference() {
    if (reference) return reference;
    const { ending } = await polledToEnd(fal, (await ordered({ name: "pending", polls: 0 })).handle);
    if (!("state" in ending)) throw new Error("not drawn");
    reference = { bytes: ending.bytes, contentType: ending.contentType };
    return reference;
  }

  test("what a model cannot be asked for is refused before anything is sent", async () => {
    const none = { bytes: new Uint8Array(1), contentType: "image/png" };
    const requests: [Partial<DrawRequest>, kind: string][] = [
      [{ resolution: "2K" }, "invalid_input"],
      [{ aspectRatio: "4:5" }, "invalid_input"],
      [{ references: Array(5).fill(none) }, "invalid_input"],
      [{ upstream: "fal-ai/nano-banana", resolution: "2K" }, "invalid_input"],
      [{ upstream: "fal-ai/nano-banana-pro", references: Array(15).fill(none) }, "invalid_input"],
      [{ upstream: "fal-ai/flux-2-pro", resolution: "4K" }, "invalid_input"],
      [{ upstream: "fal-ai/../../admin" }, "model_gone"],
    ];
    for (const [part, kind] of requests)
      expect(await failureOf(fal.submit({ ...FOX, ...part }, signal()))).toMatchObject({
        kind,
        maybeBilled: false,
      });
    expect(await control.requests()).toEqual([]);
  });
});

/** Submits that end the attempt. Whatever a row does not name is as in PLAIN. */
const SUBMITS: readonly (readonly [behaviour: Scripted, meaning: Partial<Failure>])[] = [
  [
    { name: "429", retryAfterSeconds: 1 },
    { kind: "rate_limited", retryAfterSeconds: 1 },
  ],
  [
    { name: "429", retryAfterSeconds: 36_000 },
    { kind: "quota", retryAfterSeconds: 36_000 },
  ],
  ["quota", { kind: "quota", reason: "exhausted_balance" }],
  ["locked", { kind: "auth" }],
  ["auth", { kind: "auth" }],
  ["model-gone", { kind: "model_gone" }],
  ["invalid", { kind: "invalid_input", reason: "value_error" }],
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
  ["no-status-url", { kind: "bad_response", maybeBilled: true }],
  ...["https://fal.run@127.0.0.1/", "http://queue.fal.run/x", "https://notfal.run/", "nowhere"].map(
    (url) =>
      [
        { name: "untrusted-status-url", url },
        { kind: "bad_response", reason: "untrusted_host", maybeBilled: true },
      ] as const,
  ),
];

/** Polls that end the order. */
const ENDINGS: readonly (readonly [behaviour: Scripted, meaning: Partial<Failure>])[] = [
  [
    { name: "moderated-input", reason: "violence" },
    { kind: "moderated", stage: "input", reason: "violence", maybeBilled: true },
  ],
  ["moderated-bare", { kind: "moderated", stage: "input", reason: "violence", maybeBilled: true }],
  ["moderated", { kind: "moderated", stage: null, reason: "content_policy_violation", maybeBilled: true }],
  ["moderated-output", { kind: "moderated", stage: "output", reason: "nsfw", maybeBilled: true }],
  ["no-image", { kind: "no_image", reason: "no_media_generated", maybeBilled: true }],
  ["empty", { kind: "no_image", maybeBilled: true }],
  ["model-500", { kind: "overloaded", reason: "internal_server_error" }],
  ["model-timeout", { kind: "overloaded", reason: "generation_timeout" }],
  ["downstream", { kind: "overloaded", reason: "downstream_service_error", maybeBilled: true }],
  ["bad-reference", { kind: "invalid_input", reason: "image_load_error", maybeBilled: true }],
  ["start-timeout", { kind: "overloaded", reason: "startup_timeout" }],
  ["runner-gone", { kind: "overloaded", reason: "runner_disconnected" }],
  ["cancelled", { kind: "bad_response", reason: "client_cancelled", maybeBilled: true }],
  ["poll-404", { kind: "bad_response", reason: "task_not_found", maybeBilled: true }],
  ["result-404", { kind: "bad_response", reason: "task_not_found", maybeBilled: true }],
  ["not-an-image", { kind: "bad_response", reason: "not_an_image", maybeBilled: true }],
  ["huge", { kind: "bad_response", reason: "too_large", maybeBilled: true }],
  ["untrusted-response-url", { kind: "bad_response", reason: "untrusted_host", maybeBilled: true }],
  ["sample-untrusted", { kind: "bad_response", reason: "untrusted_host", maybeBilled: true }],
];

/** Polls that fail and leave the order standing: what the failure is called, and how many polls find the picture. */
const HICCUPS: readonly (readonly [behaviour: Scripted, meaning: Partial<Failure> | null, polls: number])[] =
  [
    ["poll-500", { kind: "overloaded" }, 4],
    [{ name: "poll-503-html", polls: 2 }, { kind: "overloaded" }, 5],
    [{ name: "poll-429", retryAfterSeconds: 3 }, { kind: "rate_limited", retryAfterSeconds: 3 }, 4],
    ["poll-auth", { kind: "auth" }, 4],
    ["poll-not-json", { kind: "bad_response" }, 4],
    ["poll-reset", { kind: "timeout" }, 4],
    ["poll-redirect", { kind: "bad_response" }, 4],
    ["result-500", { kind: "overloaded" }, 4],
    ["sample-403", { kind: "bad_response", reason: "sample_expired" }, 4],
    ["sample-500", { kind: "overloaded" }, 4],
    ["sample-reset", { kind: "timeout" }, 4],
    ["sample-redirect", null, 3],
    [{ name: "unknown-status", polls: 3, status: "DREAMING" }, null, 4],
    [{ name: "pending", polls: 0 }, null, 1],
  ];

describe("what failures of fal mean", () => {
  test.each(SUBMITS)(
    "a submit met with %j is told as %j, after exactly one call",
    async (behaviour, meaning) => {
      await control.script([behaviour]);
      const failure = await failureOf(fal.submit(FOX, signal()));
      expect(failure).toMatchObject({ ...PLAIN, ...meaning });
      expect(failure.message).not.toMatch(NOT_SAFE);
      expect((await control.requests()).map(({ kind }) => kind)).toEqual(["submit"]);
    },
  );

  test.each(ENDINGS)(
    "an order that ends with %j is told as %j, and was submitted once",
    async (behaviour, meaning) => {
      const { ending } = await polledToEnd(fal, (await ordered(behaviour)).handle);
      expect(ending).toMatchObject({ ...PLAIN, ...meaning });
      expect((ending as Failure).message).not.toMatch(NOT_SAFE);
      expect(await control.requests("submit")).toHaveLength(1);
    },
  );

  test.each(HICCUPS)(
    "an order survives %j, told as %j, and is drawn by poll %i of one submit",
    async (behaviour, meaning, polls) => {
      const { ending, failures, pendings } = await polledToEnd(fal, (await ordered(behaviour)).handle);
      expect(ending).toMatchObject({ state: "drawn" });
      for (const failure of failures) {
        expect(failure).toMatchObject({ maybeBilled: true, final: false, ...meaning });
        expect(failure.message).not.toMatch(NOT_SAFE);
      }
      expect(failures.length > 0).toBe(meaning !== null);
      expect(failures.length + pendings + 1).toBe(polls);
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
        phase === "poll" ? fal.poll(order.handle, patience.signal) : fal.submit(FOX, patience.signal),
      );
      await vi.waitFor(async () =>
        expect((await control.requests()).at(-1)).toMatchObject({ status: 200, outcome: "open" }),
      );
      patience.abort();
      expect(await call).toMatchObject({ kind: "timeout", maybeBilled: true, final: phase === "submit" });
    },
  );

  test("a handle that leads elsewhere is not followed with the key", async () => {
    for (const handle of ["http://169.254.169.254/latest", "https://fal.run.example.com/requests/1"])
      expect(await failureOf(fal.poll(handle, signal()))).toMatchObject({
        reason: "untrusted_host",
        final: true,
      });
    expect(await control.requests()).toEqual([]);
  });

  test("a provider that cannot be reached is an outage: free for a submit, and only a bad poll for an order", async () => {
    const root = `http://127.0.0.1:${await unusedPort()}`;
    const away = createFal({ baseUrl: root, apiKey: KEY });
    const outage = { kind: "overloaded", maybeBilled: false, final: true };
    expect(await failureOf(away.submit(FOX, signal()))).toMatchObject(outage);
    const poll = await failureOf(away.poll(`${root}/fal-ai/flux-pro/requests/1`, signal()));
    expect(poll).toMatchObject({ kind: "overloaded", maybeBilled: true, final: false });
  });
});
