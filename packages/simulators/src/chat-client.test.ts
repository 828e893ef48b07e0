import { GoogleGenAI } from "@google/genai";
import OpenAI, { APIError } from "openai";
import sharp from "sharp";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { CHAT_REPERTOIRE } from "./chat.ts";
import { controlOf } from "./control.ts";
import { type Simulators, startSimulators } from "./start.ts";

/** Guards that the chat simulators are true to the wire: the official clients see what they would see at the provider. */
let simulators: Simulators;
beforeAll(async () => {
  simulators = await startSimulators();
});
afterAll(() => simulators.close());
beforeEach(() =>
  Promise.all((["google", "openai", "xai"] as const).map((name) => controlOf(simulators.urls[name]).reset())),
);

const SCHEMA = {
  type: "object",
  properties: { tags: { type: "array", items: { type: "string" } }, palette: { type: "array" } },
  required: ["tags", "palette"],
  additionalProperties: false,
};
const half = (background: string) => ({
  create: { width: 32, height: 32, channels: 3 as const, background },
});
const redAndBlue = async (format: "png" | "webp") => {
  const picture = sharp({ create: { width: 64, height: 32, channels: 3, background: "#0000ff" } });
  const red = { input: half("#ff0000"), left: 0, top: 0 };
  return (await picture.composite([red]).toFormat(format).toBuffer()).toString("base64");
};

describe("Google's client", () => {
  const ask = async (image?: string) => {
    const client = new GoogleGenAI({
      apiKey: "a-key",
      httpOptions: { baseUrl: simulators.urls.google, apiVersion: "v1beta" },
    });
    const picture = image ? [{ inlineData: { mimeType: "image/png", data: image } }] : [];
    return client.models.generateContent({
      model: "gemini-3.8-flash",
      contents: [{ role: "user", parts: [...picture, { text: "what is this" }] }],
      config: { responseMimeType: "application/json", responseJsonSchema: SCHEMA },
    });
  };

  test("gets JSON of the schema, with the picture's own colours, and what it cost in tokens", async () => {
    const answer = await ask(await redAndBlue("png"));
    expect(JSON.parse(answer.text ?? "")).toMatchObject({ palette: ["#ff0000", "#0000ff"] });
    expect(answer.usageMetadata?.promptTokenCount).toBeGreaterThan(1_000);
  });

  test("sees a block where Google puts it", async () => {
    await controlOf(simulators.urls.google).script(["chat-blocked"]);
    expect((await ask()).promptFeedback).toEqual({ blockReason: "PROHIBITED_CONTENT" });
  });
});

describe.each([
  ["openai", "gpt-5.6-luna", "png"],
  ["xai", "grok-4.6", "png"],
] as const)("OpenAI's client at %s", (name, model, format) => {
  const ask = async (image?: string, type: string = format, schema: Record<string, unknown> = SCHEMA) => {
    const client = new OpenAI({ apiKey: "a-key", baseURL: `${simulators.urls[name]}/v1`, maxRetries: 0 });
    const image_url = `data:image/${type};base64,${image}`;
    const picture = image ? [{ type: "input_image" as const, image_url, detail: "auto" as const }] : [];
    return client.responses.create({
      model,
      input: [{ role: "user", content: [...picture, { type: "input_text", text: "what is this" }] }],
      text: { format: { type: "json_schema", name: "seen", strict: true, schema } },
    });
  };

  test("gets JSON of the schema, with the picture's own colours", async () => {
    const answer = await ask(await redAndBlue("png"));
    expect(JSON.parse(answer.output_text)).toMatchObject({ palette: ["#ff0000", "#0000ff"] });
    expect(answer.usage?.input_tokens).toBeGreaterThan(1_000);
  });

  test("gets a refusal in the place of a text", async () => {
    await controlOf(simulators.urls[name]).script(["chat-refusal"]);
    const [item] = (await ask()).output.filter(({ type }) => type === "message");
    expect(item).toMatchObject({ content: [{ type: "refusal" }] });
  });

  test("is told of a schema that strict mode does not take, and of a block, as errors", async () => {
    const loose = ask(undefined, "png", { ...SCHEMA, additionalProperties: true });
    await expect(loose).rejects.toMatchObject({ status: 400 });
    await controlOf(simulators.urls[name]).script(["chat-blocked"]);
    await expect(ask()).rejects.toBeInstanceOf(APIError);
  });
});

test("xAI takes no WebP, OpenAI does", async () => {
  const webp = await redAndBlue("webp");
  const ask = (name: "openai" | "xai", model: string) =>
    new OpenAI({ apiKey: "k", baseURL: `${simulators.urls[name]}/v1`, maxRetries: 0 }).responses.create({
      model,
      input: [
        {
          role: "user",
          content: [
            { type: "input_image", image_url: `data:image/webp;base64,${webp}`, detail: "auto" },
            { type: "input_text", text: "what is this" },
          ],
        },
      ],
      text: { format: { type: "json_schema", name: "seen", strict: true, schema: SCHEMA } },
    });
  await expect(ask("openai", "gpt-5.6-luna")).resolves.toMatchObject({ status: "completed" });
  await expect(ask("xai", "grok-4.6")).rejects.toMatchObject({ status: 400 });
});

test("the README names every behaviour", async () => {
  const { readFile } = await import("node:fs/promises");
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  expect(Object.keys(CHAT_REPERTOIRE).filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});
