import { createXai } from "@ai-sdk/xai";
import { APICallError, generateImage } from "ai";
import OpenAI from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { controlOf } from "./control.ts";
import { type Simulators, startSimulators } from "./start.ts";

/** xAI names two clients in its guide: OpenAI's with its own address, and the AI SDK's. Both see what xAI would show. */

const MODEL = "grok-imagine-image";
const prompt = "a red fox in snow";
let simulators: Simulators;
let openai: OpenAI;
let xai: ReturnType<typeof createXai>;
let control: ReturnType<typeof controlOf>;

beforeAll(async () => {
  simulators = await startSimulators({ drawMilliseconds: 0 });
  const baseURL = `${simulators.urls.xai}/v1`;
  openai = new OpenAI({ apiKey: "xai-test", baseURL, maxRetries: 0 });
  xai = createXai({ apiKey: "xai-test", baseURL });
  control = controlOf(simulators.urls.xai);
});
afterAll(() => simulators.close());
beforeEach(() => control.reset());

const isJpeg = (bytes: Uint8Array) => Buffer.from(bytes.subarray(0, 3)).toString("hex") === "ffd8ff";

describe("OpenAI's client", () => {
  test("gets an address where nothing else is asked for, and the picture lies there", async () => {
    const { data } = await openai.images.generate({ model: MODEL, prompt, n: 2 });
    expect(data).toHaveLength(2);
    const response = await fetch(data?.[0]?.url ?? "");
    expect(isJpeg(new Uint8Array(await response.arrayBuffer()))).toBe(true);
  });

  test("gets the picture itself, if asked to", async () => {
    const { data } = await openai.images.generate({ model: MODEL, prompt, response_format: "b64_json" });
    expect(isJpeg(Buffer.from(data?.[0]?.b64_json ?? "", "base64"))).toBe(true);
  });

  test("cannot say a size, nor send a form", async () => {
    const sized = openai.images.generate({ model: MODEL, prompt, size: "1024x1024" });
    await expect(sized).rejects.toThrow("Argument not supported: size");
    const image = new File([new Uint8Array([1])], "one.png", { type: "image/png" });
    await expect(openai.images.edit({ model: MODEL, prompt, image })).rejects.toMatchObject({ status: 415 });
  });

  test.each([
    ["unauthorized", 401],
    ["model-gone", 404],
    ["429", 429],
    ["503", 503],
  ])("throws for %s", async (name, status) => {
    await control.script([name]);
    await expect(openai.images.generate({ model: MODEL, prompt })).rejects.toMatchObject({ status });
  });
});

const draw = (facts: Partial<Parameters<typeof generateImage>[0]> = {}) =>
  generateImage({ model: xai.image(MODEL), prompt, maxRetries: 0, ...facts });

describe("the AI SDK's client", () => {
  test("draws in a ratio, and is told the price in ticks", async () => {
    const { image, warnings, calls } = await draw({ aspectRatio: "16:9" });
    expect(isJpeg(image.uint8Array)).toBe(true);
    expect(warnings).toEqual([]);
    expect(calls[0]?.providerMetadata?.xai).toMatchObject({ costInUsdTicks: 200_000_000 });
  });

  test("edits from pictures that it sends as data: addresses", async () => {
    const { image } = await draw();
    const { image: edited } = await draw({ prompt: { text: "at night", images: [image.uint8Array] } });
    expect(Buffer.compare(edited.uint8Array, image.uint8Array)).not.toBe(0);
    const request = (await control.requests()).at(-1);
    expect(request).toMatchObject({ path: "/xai/v1/images/edits", body: { image: { type: "image_url" } } });
  });

  test.each(["moderated-output", "placeholder", "mixed"])("takes %s for a block", async (name) => {
    await control.script([name]);
    await expect(draw({ n: 2 })).rejects.toThrow("blocked due to a content policy violation");
  });

  test.each([
    ["moderated", 400, /usage guidelines/],
    ["moderated-nested", 400, /usage guidelines/],
    ["auth", 400, /API key/],
    ["quota", 429, /credits/],
  ])("reads both kinds of error bodies: %s", async (name, statusCode, message) => {
    await control.script([name]);
    const error = await draw().catch((thrown: unknown) => thrown);
    expect(APICallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ statusCode, message: expect.stringMatching(message) });
  });
});
