import type { DrawRequest } from "@imgpilot/core/generations/provider";
import { controlOf, type Scripted } from "@imgpilot/simulators/control";
import { fingerprint } from "@imgpilot/simulators/request-log";
import { describe, expect, test, vi } from "vitest";
import { createOpenAi } from "./openai.ts";
import { simulated } from "./simulated.fixture.ts";
import { type Failure, failureOf, signal, unusedPort } from "./test-calls.ts";

const KEY = "sk-a-key-that-must-not-leak";
const FOX: DrawRequest = {
  upstream: "gpt-image-2.6-flare",
  prompt: "a red fox in snow",
  aspectRatio: "1:1",
  resolution: "1K",
  references: [],
};

const { provider: openai, control, urls } = simulated("openai", createOpenAi, KEY);

async function drawn(request: DrawRequest) {
  const reply = await openai.submit(request, signal());
  if (reply.state !== "drawn") throw new Error("not drawn");
  return reply;
}

describe("what OpenAI draws", () => {
  test("a prompt becomes a picture, by one call that carries the key and names size and quality", async () => {
    const picture = await drawn({ ...FOX, aspectRatio: "16:9", quality: "high" });
    expect(picture).toMatchObject({ contentType: "image/png", requestId: expect.stringMatching(/^req_/) });
    const [request, ...others] = await control.requests();
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      path: "/openai/v1/images/generations",
      headers: { authorization: fingerprint(`Bearer ${KEY}`), "content-type": "application/json" },
    });
    expect(request?.body).toEqual({
      model: FOX.upstream,
      prompt: FOX.prompt,
      n: 1,
      size: "1280x720",
      quality: "high",
      output_format: "png",
    });
  });

  test("the cost is that of the tokens: words, pictures in, pictures out", async () => {
    expect((await drawn(FOX)).costMicros).toBe(5 * Math.ceil(FOX.prompt.length / 4) + 30 * 1_767);
    const reference = await drawn({ ...FOX, quality: "low" });
    const edited = await drawn({ ...FOX, quality: "low", references: [reference] });
    expect(edited.costMicros).toBe((reference.costMicros ?? 0) + 8 * 1_056);
    await control.script(["no-usage"]);
    expect((await drawn(FOX)).costMicros).toBeNull();
  });

  test("references go along as files of a form, in order, and the picture shows them", async () => {
    const [one, two] = [await drawn(FOX), await drawn(FOX)];
    const [plain, edited] = [await drawn(FOX), await drawn({ ...FOX, references: [one, two] })];
    expect(Buffer.compare(plain.bytes, edited.bytes)).not.toBe(0);
    const request = (await control.requests()).at(-1);
    expect(request?.path).toBe("/openai/v1/images/edits");
    expect(request?.body).toMatchObject({
      model: [FOX.upstream],
      prompt: [FOX.prompt],
      size: ["1024x1024"],
      quality: ["medium"],
      "image[]": [
        { type: "image/png", name: "reference-1.png", bytes: one.bytes.byteLength },
        { type: "image/png", name: "reference-2.png", bytes: two.bytes.byteLength },
      ],
    });
  });

  test("every ratio and resolution is a size that is drawn, and is of exactly that ratio", async () => {
    for (const aspectRatio of ["1:1", "4:5", "9:16", "21:9"] as const)
      for (const resolution of ["1K", "2K", "4K"] as const)
        await drawn({ ...FOX, aspectRatio, resolution, quality: "low" });
    for (const { body } of await control.requests()) {
      const [width = 0, height = 0] = (body as { size: string }).size.split("x").map(Number);
      expect([1, 4 / 5, 9 / 16, 21 / 9]).toContain(width / height);
    }
  }, 60_000);

  test("what it cannot be asked for is refused before anything is sent", async () => {
    const reference = { bytes: new Uint8Array(1), contentType: "image/png" };
    for (const part of [{ seed: 7 }, { references: Array(17).fill(reference) }])
      expect(await failureOf(openai.submit({ ...FOX, ...part }, signal()))).toMatchObject({
        kind: "invalid_input",
        maybeBilled: false,
      });
    expect(await control.requests()).toEqual([]);
  });

  test("there is nothing to poll", async () => {
    const failure = await failureOf(openai.poll("anything", signal()));
    expect(failure).toMatchObject({ kind: "bad_response", final: true });
  });
});

const blocked = (name: string, stage: Failure["stage"], reason: string, maybeBilled: boolean) =>
  [
    { name, reason },
    { kind: "moderated", stage, reason, maybeBilled },
  ] as const;

/** What each answer means. Whatever a row does not name is: no stage, no delay, not billed. */
const CASES: readonly (readonly [behaviour: Scripted, meaning: Partial<Failure>])[] = [
  [
    { name: "429", retryAfterSeconds: 2 },
    { kind: "rate_limited", retryAfterSeconds: 2, reason: "rate_limit_exceeded" },
  ],
  [
    { name: "429-ms", retryAfterSeconds: 0.4 },
    { kind: "rate_limited", retryAfterSeconds: 1 },
  ],
  ["slow-down", { kind: "rate_limited", reason: "slow_down" }],
  ...[
    "insufficient_quota",
    "credit_balance_exhausted",
    "project_spend_limit_exceeded",
    "organization_spend_limit_exceeded",
    "organization_usage_limit_exceeded",
  ].map(
    (reason) =>
      [
        { name: "quota", reason },
        { kind: "quota", reason },
      ] as const,
  ),
  ["500", { kind: "overloaded", reason: "server_error", maybeBilled: true }],
  ["502-html", { kind: "overloaded", maybeBilled: true }],
  ["503", { kind: "overloaded", reason: "server_is_overloaded" }],
  ["503-html", { kind: "overloaded" }],
  ["504-html", { kind: "timeout", maybeBilled: true }],
  ["auth", { kind: "auth", reason: "invalid_api_key" }],
  ["region", { kind: "auth", reason: "unsupported_country_region_territory" }],
  ["unverified", { kind: "auth" }],
  ["model-gone", { kind: "model_gone", reason: "model_not_found" }],
  ["model-unknown", { kind: "model_gone", reason: "model_not_found" }],
  ["invalid", { kind: "invalid_input", reason: "invalid_value" }],
  ["413", { kind: "invalid_input" }],
  ["422", { kind: "invalid_input" }],
  ["redirect", { kind: "bad_response" }],
  blocked("moderated-input", "input", "violence", false),
  blocked("moderated-input", "input", "self-harm", false),
  blocked("moderated-output", "output", "sexual", true),
  blocked("moderated", null, "hate", true),
  ["no-image", { kind: "no_image", maybeBilled: true }],
  ["not-json", { kind: "bad_response", maybeBilled: true }],
  ["not-an-image", { kind: "bad_response", reason: "not_an_image", maybeBilled: true }],
  ["huge", { kind: "bad_response", reason: "too_large", maybeBilled: true }],
  ["reset-after", { kind: "timeout", reason: "econnreset", maybeBilled: true }],
  ["reset-before", { kind: "timeout", reason: "econnreset", maybeBilled: true }],
];

describe("what OpenAI's refusals and failures mean", () => {
  test.each(CASES)(
    "%j is told as %j, after exactly one call, without a word of the reply",
    async (behaviour, meaning) => {
      await control.script([behaviour]);
      const failure = await failureOf(openai.submit(FOX, signal()));
      const expected = meaning.reason ? { ...meaning, reason: meaning.reason.replace("-", "_") } : meaning;
      expect(failure).toMatchObject({
        stage: null,
        retryAfterSeconds: null,
        maybeBilled: false,
        final: true,
        ...expected,
      });
      expect(failure.message).toMatch(/OpenAI/);
      expect(failure.message).not.toMatch(/safety system|plan and billing|<|\{|sk-|fox/);
      expect(await control.requests("submit")).toHaveLength(1);
    },
  );

  test("a call that is given up while the answer is on its way timed out, and may have been paid for", async () => {
    await control.script(["stall"]);
    const patience = new AbortController();
    const call = failureOf(openai.submit(FOX, patience.signal));
    await vi.waitFor(async () => expect(await control.requests()).toMatchObject([{ status: 200 }]));
    patience.abort();
    expect(await call).toMatchObject({ kind: "timeout", maybeBilled: true });
  });

  test("a provider that cannot be reached is an outage, and free", async () => {
    const away = createOpenAi({ baseUrl: `http://127.0.0.1:${await unusedPort()}`, apiKey: KEY });
    const failure = await failureOf(away.submit(FOX, signal()));
    expect(failure).toMatchObject({ kind: "overloaded", maybeBilled: false });
  });

  test("a redirect is not followed: the key stays with the host that it is for", async () => {
    const elsewhere = controlOf(urls().xai);
    await elsewhere.reset();
    await control.script([{ name: "redirect", url: `${urls().xai}/v1/images/generations` }]);
    await failureOf(openai.submit(FOX, signal()));
    expect(await elsewhere.requests()).toEqual([]);
  });

  test("the simulator finds the faults in a request that OpenAI would find", async () => {
    const faults: Partial<DrawRequest>[] = [
      { references: [{ bytes: Buffer.from("no picture"), contentType: "image/png" }] },
      { references: [{ bytes: Buffer.from("x"), contentType: "image/tiff" }] },
      { prompt: "" },
    ];
    for (const fault of faults)
      expect(await failureOf(openai.submit({ ...FOX, ...fault }, signal()))).toMatchObject({
        kind: "invalid_input",
      });
    const gone = await failureOf(openai.submit({ ...FOX, upstream: "gpt-image-1" }, signal()));
    expect(gone).toMatchObject({ kind: "model_gone" });
    const keyless = createOpenAi({ baseUrl: urls().openai, apiKey: "" });
    expect(await failureOf(keyless.submit(FOX, signal()))).toMatchObject({ kind: "auth" });
  });
});
