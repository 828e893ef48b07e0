import { ApiError, FinishReason, GoogleGenAI } from "@google/genai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { controlOf } from "./control.ts";
import { type Simulators, startSimulators } from "./start.ts";

/** Google's own client sees in the simulator what it would see in the Gemini API. */

const model = "gemini-nano-banana-2.1";
const contents = "a red fox in snow";
let simulators: Simulators;
let client: GoogleGenAI;
let control: ReturnType<typeof controlOf>;

beforeAll(async () => {
  simulators = await startSimulators({ drawMilliseconds: 0 });
  client = new GoogleGenAI({ apiKey: "AIza-test", httpOptions: { baseUrl: simulators.urls.google } });
  control = controlOf(simulators.urls.google);
});
afterAll(() => simulators.close());
beforeEach(() => control.reset());

const draw = (config: object = {}) => client.models.generateContent({ model, contents, config });

describe("models.generateContent", () => {
  test("gives a picture as the reply's data, with what it took", async () => {
    const reply = await draw({ imageConfig: { aspectRatio: "16:9", imageSize: "2K" }, seed: 7 });
    const picture = Buffer.from(reply.data ?? "", "base64");
    expect(picture.subarray(0, 3).toString("hex")).toBe("ffd8ff");
    expect(reply.candidates?.[0]?.finishReason).toBe(FinishReason.STOP);
    expect(reply).toMatchObject({ modelVersion: model, responseId: expect.any(String) });
    expect(reply.usageMetadata).toMatchObject({ promptTokenCount: 5, candidatesTokenCount: 1_680 });
  });

  test("draws from pictures that are sent along", async () => {
    const first = await draw({ seed: 1 });
    const inlineData = { mimeType: "image/png", data: first.data ?? "" };
    const second = await client.models.generateContent({
      model,
      contents: [{ text: contents }, { inlineData }],
      config: { seed: 1 },
    });
    expect(second.data).not.toBe(first.data);
  });

  test("tells a blocked prompt and a blocked picture within a reply that is no error", async () => {
    await control.script(["moderated-input", { name: "moderated-output", reason: "IMAGE_SAFETY" }]);
    expect((await draw()).promptFeedback?.blockReason).toBe("PROHIBITED_CONTENT");
    const { candidates, data } = await draw();
    expect(candidates?.[0]?.finishReason).toBe(FinishReason.IMAGE_SAFETY);
    expect(data).toBeUndefined();
  });

  test.each([
    ["auth", 400, "API_KEY_INVALID"],
    ["invalid", 400, "INVALID_ARGUMENT"],
    ["forbidden", 403, "PERMISSION_DENIED"],
    ["model-gone", 404, "NOT_FOUND"],
    ["429", 429, "RetryInfo"],
    ["quota", 429, "PerDay"],
    ["500", 500, "INTERNAL"],
    ["503", 503, "UNAVAILABLE"],
  ])("throws its ApiError for %s, with the whole body in its message", async (name, status, word) => {
    await control.script([name]);
    const error = await draw().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status, message: expect.stringContaining(word) });
  });

  test.each([
    [{ imageConfig: { aspectRatio: "7:3" } }, "aspect_ratio"],
    [{ imageConfig: { imageSize: "512" } }, "image_size"],
  ])("is refused %j", async (config, word) => {
    await expect(draw(config)).rejects.toThrow(word);
  });
});
