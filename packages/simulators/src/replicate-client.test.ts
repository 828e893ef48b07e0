import Replicate from "replicate";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { controlOf } from "./control.ts";
import { type Simulators, startSimulators } from "./start.ts";

/** Guards that the simulator is true to the wire: Replicate's own client sees in it what it would see at Replicate. */
let simulators: Simulators;
let control: ReturnType<typeof controlOf>;
let replicate: Replicate;

beforeAll(async () => {
  simulators = await startSimulators({ submitMilliseconds: 0, pendingPolls: 2 });
  control = controlOf(simulators.urls.replicate);
  replicate = new Replicate({
    auth: "a-token",
    baseUrl: `${simulators.urls.replicate}/v1`,
    useFileOutput: false,
  });
});
afterAll(() => simulators.close());
beforeEach(() => control.reset());

const KONTEXT = "black-forest-labs/flux-kontext-pro";
const POLLING = { mode: "poll", interval: 1 } as const;

test("it runs a model, sees it starting and processing, and gets the picture's address", async () => {
  const seen: string[] = [];
  const output = await replicate.run(
    KONTEXT,
    { input: { prompt: "a red fox in snow", aspect_ratio: "3:2" }, wait: POLLING },
    ({ status }) => seen.push(status),
  );
  expect(seen).toEqual(["starting", "starting", "processing", "succeeded"]);
  const picture = await fetch(String(output));
  expect(picture.headers.get("content-type")).toBe("image/png");
});

test("it edits a picture that it was given as an address of data", async () => {
  const created = await replicate.predictions.create({
    model: "google/nano-banana-pro",
    input: { prompt: "the same at night", image_input: [PIXEL] },
  });
  expect(created).toMatchObject({ status: "starting", model: "google/nano-banana-pro" });
  expect(await replicate.wait(created, { interval: 1 })).toMatchObject({ status: "succeeded", error: null });
});

test("a blocked prediction is one that failed, with its code in the words", async () => {
  await control.script([{ name: "moderated", polls: 0 }]);
  const run = replicate.run(KONTEXT, { input: { prompt: "a fight" }, wait: POLLING });
  await expect(run).rejects.toThrow(/flagged as sensitive.*\(E005\)/);
});

test.each([
  ["auth", 401, "Unauthenticated"],
  ["quota", 402, "Insufficient credit"],
  ["model-gone", 404, undefined],
  ["invalid", 422, "Input validation failed"],
  ["500", 500, undefined],
])("it sees %s as HTTP %i, titled %s", async (name, status, title) => {
  await control.script([name]);
  const refusal = await replicate.predictions.create({ model: KONTEXT, input: { prompt: "a fox" } }).then(
    () => null,
    (error: { response: Response; message: string }) => error,
  );
  expect(refusal?.response.status).toBe(status);
  if (title) expect(refusal?.message).toContain(`"title":"${title}"`);
});

test("it lists the fields that are not valid", async () => {
  const create = replicate.predictions.create({ model: KONTEXT, input: { aspect_ratio: "7:1" } });
  await expect(create).rejects.toThrow(/input\.prompt.*input\.aspect_ratio/);
});

const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
