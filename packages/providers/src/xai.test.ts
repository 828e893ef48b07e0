import type { DrawRequest } from "@imgpilot/core/generations/provider";
import type { Scripted } from "@imgpilot/simulators/control";
import { fingerprint } from "@imgpilot/simulators/request-log";
import { describe, expect, test, vi } from "vitest";
import { simulated } from "./simulated.fixture.ts";
import { type Failure, failureOf, signal, unusedPort } from "./test-calls.ts";
import { createXai } from "./xai.ts";

const KEY = "xai-a-key-that-must-not-leak";
const FOX: DrawRequest = {
  upstream: "grok-imagine-image-2.0",
  prompt: "a red fox in snow",
  aspectRatio: "3:2",
  resolution: "1K",
  references: [],
};

const { provider: xai, control, urls } = simulated("xai", createXai, KEY);

async function drawn(request: DrawRequest) {
  const reply = await xai.submit(request, signal());
  if (reply.state !== "drawn") throw new Error("not drawn");
  return reply;
}

describe("what xAI draws", () => {
  test("a prompt becomes a picture, in the reply, by one call that carries the key", async () => {
    const picture = await drawn({ ...FOX, resolution: "2K", quality: "medium" });
    expect(picture).toMatchObject({ contentType: "image/jpeg", requestId: expect.any(String) });
    const [request, ...others] = await control.requests();
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      path: "/xai/v1/images/generations",
      headers: { authorization: fingerprint(`Bearer ${KEY}`) },
    });
    expect(request?.body).toEqual({
      model: FOX.upstream,
      prompt: FOX.prompt,
      n: 1,
      aspect_ratio: "3:2",
      resolution: "2k",
      quality: "medium",
      response_format: "b64_json",
    });
  });

  test("a quality is named only where one is asked for: older models have none", async () => {
    await drawn(FOX);
    const [request] = await control.requests();
    expect(request?.body).not.toHaveProperty("quality");
  });

  test("the cost is what the ticks say, references with it", async () => {
    const reference = await drawn(FOX);
    expect(reference.costMicros).toBe(40_000);
    expect((await drawn({ ...FOX, references: [reference, reference] })).costMicros).toBe(44_000);
    await control.script(["no-usage"]);
    expect((await drawn(FOX)).costMicros).toBeNull();
  });

  test.each([
    [1, (file: unknown) => ({ image: { url: file, type: "image_url" } })],
    [
      3,
      (file: unknown) => ({
        images: Array.from({ length: 3 }, () => ({ url: file, type: "image_url" })),
      }),
    ],
  ])("%i references go along in JSON, and the picture shows them", async (count, expected) => {
    const [reference, plain] = [await drawn(FOX), await drawn(FOX)];
    const edited = await drawn({ ...FOX, references: Array(count).fill(reference) });
    expect(Buffer.compare(plain.bytes, edited.bytes)).not.toBe(0);
    const request = (await control.requests()).at(-1);
    expect(request?.path).toBe("/xai/v1/images/edits");
    const file = expect.stringContaining(`data:image/jpeg;base64,(${reference.bytes.byteLength} bytes`);
    expect(request?.body).toMatchObject(expected(file));
  });

  test("what it cannot be asked for is refused before anything is sent", async () => {
    const reference = { bytes: new Uint8Array(1), contentType: "image/png" };
    const parts: Partial<DrawRequest>[] = [
      { seed: 7 },
      { resolution: "4K" },
      { references: Array(4).fill(reference) },
    ];
    for (const part of parts)
      expect(await failureOf(xai.submit({ ...FOX, ...part }, signal()))).toMatchObject({
        kind: "invalid_input",
        maybeBilled: false,
      });
    expect(await control.requests()).toEqual([]);
  });

  test("there is nothing to poll", async () => {
    const failure = await failureOf(xai.poll("anything", signal()));
    expect(failure).toMatchObject({ kind: "bad_response", final: true });
  });
});

const EXHAUSTED = "some_resource_has_been_exhausted";

/** What each answer means. Whatever a row does not name is: no stage, no delay, not billed. */
const CASES: readonly (readonly [behaviour: Scripted, meaning: Partial<Failure>])[] = [
  [
    { name: "429", retryAfterSeconds: 9 },
    { kind: "rate_limited", retryAfterSeconds: 9, reason: EXHAUSTED },
  ],
  [
    { name: "429", retryAfterSeconds: 36_000 },
    { kind: "quota", retryAfterSeconds: 36_000 },
  ],
  ["429-bare", { kind: "rate_limited" }],
  ["quota", { kind: "quota" }],
  ["quota-403", { kind: "quota" }],
  ["500", { kind: "overloaded", reason: "internal_error", maybeBilled: true }],
  ["502-html", { kind: "overloaded", maybeBilled: true }],
  ["503", { kind: "overloaded" }],
  ["503-html", { kind: "overloaded" }],
  ["504-html", { kind: "timeout", maybeBilled: true }],
  ["auth", { kind: "auth", reason: "api_key_invalid" }],
  ["unauthorized", { kind: "auth", reason: "authentication_error" }],
  ["forbidden", { kind: "auth" }],
  ["model-gone", { kind: "model_gone" }],
  ["invalid", { kind: "invalid_input" }],
  ["invalid-nested", { kind: "invalid_input", reason: "invalid_request_error" }],
  ["405", { kind: "bad_response" }],
  ["415", { kind: "invalid_input" }],
  ["422", { kind: "invalid_input" }],
  ["redirect", { kind: "bad_response" }],
  ["moderated", { kind: "moderated", stage: null, maybeBilled: true }],
  ["moderated-nested", { kind: "moderated", stage: null, maybeBilled: true }],
  ["moderated-output", { kind: "moderated", stage: "output", maybeBilled: true }],
  ["placeholder", { kind: "moderated", stage: "output", maybeBilled: true }],
  ["mixed", { kind: "moderated", stage: "output", maybeBilled: true }],
  ["no-image", { kind: "no_image", maybeBilled: true }],
  ["not-json", { kind: "bad_response", maybeBilled: true }],
  ["not-an-image", { kind: "bad_response", reason: "not_an_image", maybeBilled: true }],
  ["huge", { kind: "bad_response", reason: "too_large", maybeBilled: true }],
  ["reset-after", { kind: "timeout", reason: "econnreset", maybeBilled: true }],
  ["reset-before", { kind: "timeout", reason: "econnreset", maybeBilled: true }],
];

describe("what xAI's refusals and failures mean", () => {
  test.each(CASES)(
    "%j is told as %j, after exactly one call, without a word of the reply",
    async (behaviour, meaning) => {
      await control.script([behaviour]);
      const failure = await failureOf(xai.submit(FOX, signal()));
      expect(failure).toMatchObject({
        stage: null,
        retryAfterSeconds: null,
        maybeBilled: false,
        final: true,
        ...meaning,
      });
      expect(failure.message).toMatch(/xAI/);
      expect(failure.message).not.toMatch(/guidelines|console|team|<|\{|fox/);
      expect(await control.requests("submit")).toHaveLength(1);
    },
  );

  test("a call that is given up while the answer is on its way timed out, and may have been paid for", async () => {
    await control.script(["stall"]);
    const patience = new AbortController();
    const call = failureOf(xai.submit(FOX, patience.signal));
    await vi.waitFor(async () => expect(await control.requests()).toMatchObject([{ status: 200 }]));
    patience.abort();
    expect(await call).toMatchObject({ kind: "timeout", maybeBilled: true });
  });

  test("a provider that cannot be reached is an outage, and free", async () => {
    const away = createXai({ baseUrl: `http://127.0.0.1:${await unusedPort()}`, apiKey: KEY });
    const failure = await failureOf(away.submit(FOX, signal()));
    expect(failure).toMatchObject({ kind: "overloaded", maybeBilled: false });
  });

  test("the simulator finds the faults in a request that xAI would find", async () => {
    const faults: Partial<DrawRequest>[] = [
      { aspectRatio: "4:5" },
      { references: [{ bytes: Buffer.from("no picture"), contentType: "image/png" }] },
      { references: [{ bytes: Buffer.from("x"), contentType: "image/tiff" }] },
    ];
    for (const fault of faults)
      expect(await failureOf(xai.submit({ ...FOX, ...fault }, signal()))).toMatchObject({
        kind: "invalid_input",
      });
    const gone = await failureOf(xai.submit({ ...FOX, upstream: "grok-2-image" }, signal()));
    expect(gone).toMatchObject({ kind: "model_gone" });
    const keyless = createXai({ baseUrl: urls().xai, apiKey: "" });
    expect(await failureOf(keyless.submit(FOX, signal()))).toMatchObject({ kind: "auth" });
  });
});
