import type { DrawRequest } from "@imgpilot/core/generations/provider";
import type { Scripted } from "@imgpilot/simulators/control";
import { fingerprint } from "@imgpilot/simulators/request-log";
import { describe, expect, test, vi } from "vitest";
import { createGoogle } from "./google.ts";
import { simulated } from "./simulated.fixture.ts";
import { type Failure, failureOf, signal, unusedPort } from "./test-calls.ts";

const KEY = "AIza-a-key-that-must-not-leak";
const FOX: DrawRequest = {
  upstream: "gemini-nano-banana-2.1",
  prompt: "a red fox in snow",
  aspectRatio: "1:1",
  resolution: "1K",
  references: [],
};

const { provider: google, control, urls } = simulated("google", createGoogle, KEY);

describe("what Google draws", () => {
  test("a prompt becomes a picture with the provider's request id, by one call that carries the key", async () => {
    const drawn = await google.submit({ ...FOX, aspectRatio: "16:9", seed: 7 }, signal());
    expect(drawn).toMatchObject({ state: "drawn", contentType: "image/png", requestId: expect.any(String) });
    const [request, ...others] = await control.requests();
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      path: "/google/v1beta/models/gemini-nano-banana-2.1:generateContent",
      headers: { "x-goog-api-key": fingerprint(KEY) },
      body: {
        contents: [{ role: "user", parts: [{ text: FOX.prompt }] }],
        generationConfig: { responseModalities: ["IMAGE"], seed: 7, imageConfig: { aspectRatio: "16:9" } },
      },
    });
  });

  test("references go along as the bytes that they are, and the picture shows them", async () => {
    const reference = await google.submit(FOX, signal());
    if (reference.state !== "drawn") throw new Error("not drawn");
    const references = [{ bytes: reference.bytes, contentType: reference.contentType }];
    const plain = await google.submit({ ...FOX, prompt: "at night", seed: 1 }, signal());
    const edited = await google.submit({ ...FOX, prompt: "at night", seed: 1, references }, signal());
    const request = (await control.requests()).at(-1);
    expect(request?.body).toMatchObject({
      contents: [
        {
          parts: [
            { text: "at night" },
            { inlineData: { mimeType: "image/png", data: { bytes: reference.bytes.byteLength } } },
          ],
        },
      ],
    });
    expect(edited).not.toEqual(plain);
  });

  test("only a resolution above 1K is asked for by name, and the type is told by the bytes", async () => {
    await google.submit(FOX, signal());
    const large = await google.submit({ ...FOX, resolution: "2K" }, signal());
    expect(large).toMatchObject({ contentType: "image/jpeg" });
    const configs = (await control.requests()).map(
      ({ body }) => body as { generationConfig: { imageConfig: unknown } },
    );
    expect(configs.map(({ generationConfig }) => generationConfig.imageConfig)).toEqual([
      { aspectRatio: "1:1" },
      { aspectRatio: "1:1", imageSize: "2K" },
    ]);
  });

  test("a sketch among the thoughts is not taken for the picture", async () => {
    const plain = await google.submit({ ...FOX, seed: 3 }, signal());
    await control.script(["thoughts"]);
    const thoughtful = await google.submit({ ...FOX, seed: 3 }, signal());
    if (plain.state !== "drawn" || thoughtful.state !== "drawn") throw new Error("not drawn");
    expect(Buffer.compare(thoughtful.bytes, plain.bytes)).toBe(0);
  });

  test.each(["truncated", "bomb"])("a %s picture is handed on: only decoding it can tell", async (name) => {
    await control.script([name]);
    expect(await google.submit(FOX, signal())).toMatchObject({ state: "drawn", contentType: "image/png" });
  });

  test("there is nothing to poll", async () => {
    expect(await failureOf(google.poll("anything", signal()))).toMatchObject({
      kind: "bad_response",
      final: true,
    });
  });
});

/** What each answer means. Whatever a row does not name is: no stage, no delay, not billed. */
const CASES: readonly (readonly [behaviour: Scripted, meaning: Partial<Failure>])[] = [
  [
    { name: "429", retryAfterSeconds: 2 },
    { kind: "rate_limited", retryAfterSeconds: 2 },
  ],
  [
    { name: "429", retryAfterSeconds: 0.4 },
    { kind: "rate_limited", retryAfterSeconds: 1 },
  ],
  [
    { name: "429-header", retryAfterSeconds: 9 },
    { kind: "rate_limited", retryAfterSeconds: 9 },
  ],
  [
    { name: "429", retryAfterSeconds: 36_000 },
    { kind: "quota", retryAfterSeconds: 36_000 },
  ],
  ["quota", { kind: "quota", retryAfterSeconds: 36 }],
  ["quota-zero", { kind: "quota", retryAfterSeconds: 21 }],
  ["402", { kind: "quota" }],
  ["billing", { kind: "quota", reason: "failed_precondition" }],
  [
    { name: "capacity", retryAfterSeconds: 5 },
    { kind: "overloaded", retryAfterSeconds: 5, reason: "model_capacity_exhausted" },
  ],
  ["500", { kind: "overloaded", reason: "internal" }],
  ["502-html", { kind: "overloaded", maybeBilled: true }],
  ["503", { kind: "overloaded", reason: "unavailable" }],
  ["503-html", { kind: "overloaded" }],
  ["504", { kind: "timeout", reason: "deadline_exceeded", maybeBilled: true }],
  ["auth", { kind: "auth", reason: "api_key_invalid" }],
  ["forbidden", { kind: "auth", reason: "permission_denied" }],
  ["region", { kind: "auth", reason: "failed_precondition" }],
  ["model-gone", { kind: "model_gone", reason: "not_found" }],
  ["invalid", { kind: "invalid_input", reason: "invalid_argument" }],
  ["redirect", { kind: "bad_response" }],
  ["moderated-input", { kind: "moderated", stage: "input", reason: "prohibited_content" }],
  ...["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "A_NEW_ONE"].map(
    (reason) =>
      [
        { name: "moderated-input", reason },
        { kind: "moderated", stage: "input", reason: reason.toLowerCase() },
      ] as const,
  ),
  ...[
    "SAFETY",
    "IMAGE_SAFETY",
    "PROHIBITED_CONTENT",
    "IMAGE_PROHIBITED_CONTENT",
    "RECITATION",
    "IMAGE_RECITATION",
    "BLOCKLIST",
    "SPII",
  ].map(
    (reason) =>
      [
        { name: "moderated-output", reason },
        { kind: "moderated", stage: "output", reason: reason.toLowerCase(), maybeBilled: true },
      ] as const,
  ),
  ...["NO_IMAGE", "IMAGE_OTHER", "OTHER", "MAX_TOKENS", "MALFORMED_RESPONSE", "A_NEW_ONE"].map(
    (reason) =>
      [
        { name: "no-image", reason },
        { kind: "no_image", reason: reason.toLowerCase(), maybeBilled: true },
      ] as const,
  ),
  ["text-only", { kind: "no_image", reason: "stop", maybeBilled: true }],
  ["empty", { kind: "no_image", maybeBilled: true }],
  ["not-json", { kind: "bad_response", maybeBilled: true }],
  ["not-an-image", { kind: "bad_response", reason: "not_an_image", maybeBilled: true }],
  ["huge", { kind: "bad_response", reason: "too_large", maybeBilled: true }],
  ["reset-after", { kind: "timeout", reason: "econnreset", maybeBilled: true }],
  ["reset-before", { kind: "timeout", reason: "econnreset", maybeBilled: true }],
];

describe("what Google's refusals and failures mean", () => {
  test.each(CASES)(
    "%j is told as %j, after exactly one call, without a word of the reply",
    async (behaviour, meaning) => {
      await control.script([behaviour]);
      const failure = await failureOf(google.submit(FOX, signal()));
      expect(failure).toMatchObject({
        stage: null,
        retryAfterSeconds: null,
        maybeBilled: false,
        final: true,
        ...meaning,
      });
      expect(failure.message).toMatch(/Google/);
      expect(failure.message).not.toMatch(/quota, please|<|\{|AIza|fox/);
      expect(await control.requests("submit")).toHaveLength(1);
    },
  );

  test("a call that is given up while the answer is on its way timed out, and may have been paid for", async () => {
    await control.script(["stall"]);
    const patience = new AbortController();
    const call = failureOf(google.submit(FOX, patience.signal));
    await vi.waitFor(async () => expect(await control.requests()).toMatchObject([{ status: 200 }]));
    patience.abort();
    expect(await call).toMatchObject({ kind: "timeout", maybeBilled: true });
  });

  test("a call that is given up before it is made was not made", async () => {
    expect(await failureOf(google.submit(FOX, AbortSignal.abort()))).toMatchObject({
      kind: "timeout",
      maybeBilled: false,
    });
    expect(await control.requests()).toEqual([]);
  });

  test("a provider that cannot be reached is an outage, and free", async () => {
    const away = createGoogle({ baseUrl: `http://127.0.0.1:${await unusedPort()}`, apiKey: KEY });
    expect(await failureOf(away.submit(FOX, signal()))).toMatchObject({
      kind: "overloaded",
      maybeBilled: false,
    });
  });

  test("the simulator finds the faults in a request that Google would find", async () => {
    const faults: Partial<DrawRequest>[] = [
      { upstream: "gemini-2.5-flash-image", resolution: "2K" },
      { references: [{ bytes: Buffer.from("no picture"), contentType: "image/png" }] },
      { references: [{ bytes: Buffer.from("x"), contentType: "image/tiff" }] },
    ];
    for (const fault of faults)
      expect(await failureOf(google.submit({ ...FOX, ...fault }, signal()))).toMatchObject({
        kind: "invalid_input",
      });
    expect(await failureOf(google.submit({ ...FOX, upstream: "gemini-0" }, signal()))).toMatchObject({
      kind: "model_gone",
    });
    const keyless = createGoogle({ baseUrl: urls().google, apiKey: "" });
    expect(await failureOf(keyless.submit(FOX, signal()))).toMatchObject({ kind: "auth" });
  });
});
