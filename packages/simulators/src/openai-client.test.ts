import OpenAI, { APIError, toFile } from "openai";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { controlOf } from "./control.ts";
import { type Simulators, startSimulators } from "./start.ts";

/** OpenAI's own client sees in the simulator what it would see in the real thing. */

let simulators: Simulators;
let client: OpenAI;
let control: ReturnType<typeof controlOf>;

beforeAll(async () => {
  simulators = await startSimulators({ drawMilliseconds: 0 });
  client = new OpenAI({ apiKey: "sk-test", baseURL: `${simulators.urls.openai}/v1`, maxRetries: 0 });
  control = controlOf(simulators.urls.openai);
});
afterAll(() => simulators.close());
beforeEach(() => control.reset());

const FOX = { model: "gpt-image-2.6-flare", prompt: "a red fox in snow", stream: false } as const;
const bytesOf = (image: OpenAI.Image | undefined) => Buffer.from(image?.b64_json ?? "", "base64");

async function errorOf(call: Promise<unknown>): Promise<InstanceType<typeof APIError>> {
  const error = await call.then(
    () => new Error("It was drawn"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof APIError)) throw error;
  return error;
}

describe("images.generate", () => {
  test("gives as many pictures as are asked for, in base64 alone, with what they took", async () => {
    const { data, usage, ...facts } = await client.images.generate({
      ...FOX,
      n: 2,
      size: "1536x1024",
      quality: "low",
      output_format: "jpeg",
    });
    expect(facts).toMatchObject({ output_format: "jpeg", size: "1536x1024", quality: "low" });
    expect(data).toHaveLength(2);
    for (const image of data ?? []) {
      expect(image.url).toBeUndefined();
      expect([...bytesOf(image).subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    }
    expect(usage).toEqual({
      input_tokens: 5,
      input_tokens_details: { image_tokens: 0, text_tokens: 5 },
      output_tokens: 600,
      total_tokens: 605,
    });
  });

  test("has a request id that support could be asked with", async () => {
    const { data, request_id } = await client.images.generate({ ...FOX, quality: "low" }).withResponse();
    expect(request_id).toMatch(/^req_/);
    expect(data.created).toBeGreaterThan(1_700_000_000);
  });
});

test("images.edit sends a form with its pictures, and gets one that is drawn from them", async () => {
  const picture = bytesOf((await client.images.generate({ ...FOX, quality: "low" })).data?.[0]);
  const image = await Promise.all(
    ["one.png", "two.png"].map((name) => toFile(picture, name, { type: "image/png" })),
  );
  const { data, usage } = await client.images.edit({ ...FOX, image });
  expect(bytesOf(data?.[0]).equals(picture)).toBe(false);
  expect(usage?.input_tokens_details.image_tokens).toBeGreaterThan(0);
  const request = (await control.requests()).at(-1);
  expect(request?.body).toMatchObject({ "image[]": [{ name: "one.png" }, { name: "two.png" }] });
});

describe("what is wrong comes as the client's own errors", () => {
  test.each([
    [{ prompt: "" }, "missing_required_parameter", "prompt"],
    [{ size: "100x100" }, "invalid_value", "size"],
    [{ size: "1000x1000" }, "invalid_value", "size"],
    [{ n: 11 }, "integer_above_max_value", "n"],
    [{ response_format: "url" }, "unknown_parameter", "response_format"],
    [{ style: "vivid" }, "unknown_parameter", "style"],
  ] as const)("a request with %j is a BadRequestError", async (part, code, param) => {
    const error = await errorOf(client.images.generate({ ...FOX, ...part }));
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ status: 400, code, param, type: "invalid_request_error" });
  });

  test.each([
    ["auth", OpenAI.AuthenticationError, "invalid_api_key"],
    ["region", OpenAI.PermissionDeniedError, "unsupported_country_region_territory"],
    ["model-gone", OpenAI.NotFoundError, "model_not_found"],
    ["429", OpenAI.RateLimitError, "rate_limit_exceeded"],
    ["quota", OpenAI.RateLimitError, "insufficient_quota"],
    ["503", OpenAI.InternalServerError, "server_is_overloaded"],
  ] as const)("%s", async (name, type, code) => {
    await control.script([name]);
    const error = await errorOf(client.images.generate(FOX));
    expect(error).toBeInstanceOf(type);
    expect(error.code).toBe(code);
    expect(error.requestID).toMatch(/^req_/);
  });

  test("a block has its stage and categories", async () => {
    await control.script([{ name: "moderated-output", reason: "sexual" }]);
    const error = await errorOf(client.images.generate(FOX));
    expect(error).toMatchObject({
      status: 400,
      code: "moderation_blocked",
      type: "image_generation_user_error",
    });
    expect(error.error).toMatchObject({
      moderation_details: { moderation_stage: "output", categories: ["sexual"] },
    });
  });

  test("the client retries what it would retry, after the delay that it is told, and then has its picture", async () => {
    await control.script([{ name: "429-ms", retryAfterSeconds: 0.01 }, "reset-after"]);
    const patient = client.withOptions({ maxRetries: 2 });
    expect((await patient.images.generate({ ...FOX, quality: "low" })).data).toHaveLength(1);
    expect(await control.requests("submit")).toHaveLength(3);
  });
});
