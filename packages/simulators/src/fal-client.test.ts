import { ApiError, createFalClient, ValidationError } from "@fal-ai/client";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { controlOf } from "./control.ts";
import { type Simulators, startSimulators } from "./start.ts";

/** Guards that the simulator is true to the wire: fal's own client sees in it what it would see at fal. */
let simulators: Simulators;
let control: ReturnType<typeof controlOf>;
let fal: ReturnType<typeof createFalClient>;

beforeAll(async () => {
  simulators = await startSimulators({ submitMilliseconds: 0, pendingPolls: 1 });
  control = controlOf(simulators.urls.fal);
  fal = createFalClient({
    credentials: "a-key",
    // The client knows fal's host alone; what it would send there goes to the simulator.
    requestMiddleware: async (request) => ({
      ...request,
      url: request.url.replace("https://queue.fal.run", simulators.urls.fal),
    }),
  });
});
afterAll(() => simulators.close());
beforeEach(() => control.reset());

const KONTEXT = "fal-ai/flux-pro/kontext/text-to-image";

test("it subscribes to an order, sees it queued and running, and gets the picture", async () => {
  await control.script([{ name: "pending", polls: 2 }]);
  const seen: string[] = [];
  const { data, requestId } = await fal.subscribe(KONTEXT, {
    input: { prompt: "a red fox in snow", aspect_ratio: "16:9" },
    pollInterval: 1,
    onQueueUpdate: ({ status }) => seen.push(status),
  });
  expect(seen).toEqual(["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]);
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  const [image] = data.images;
  expect(image).toMatchObject({ content_type: "image/png", width: 1_376, height: 768 });
  const picture = await fetch(image?.url ?? "");
  expect(picture.headers.get("content-type")).toBe("image/png");
});

test("it edits a picture that it was given as an address of data", async () => {
  const { data } = await fal.subscribe("fal-ai/nano-banana/edit", {
    input: { prompt: "the same at night", image_urls: [PIXEL] },
    pollInterval: 1,
  });
  expect(data.images).toHaveLength(1);
  const [submit] = await control.requests("submit");
  expect(submit?.path).toBe("/fal/fal-ai/nano-banana/edit");
});

test("it tells an input that is not valid from a blocked one, by their types", async () => {
  const invalid = await refusalOf(
    fal.queue.submit(KONTEXT, { input: { prompt: "a fox", aspect_ratio: "7:1" as "1:1" } }),
  );
  expect(invalid).toBeInstanceOf(ValidationError);
  expect((invalid as ValidationError).fieldErrors).toMatchObject([
    { loc: ["body", "aspect_ratio"], type: "one_of" },
  ]);

  await control.script([{ name: "moderated-input", polls: 0, reason: "violence" }]);
  const blocked = await refusalOf(fal.subscribe(KONTEXT, { input: { prompt: "a fight" }, pollInterval: 1 }));
  expect((blocked as ValidationError).fieldErrors).toMatchObject([
    { loc: ["body", "prompt"], type: "content_policy_violation" },
  ]);
});

test.each([
  ["auth", 401],
  ["quota", 403],
  ["model-gone", 404],
  ["500", 500],
])("it sees %s as HTTP %i", async (name, status) => {
  await control.script([name]);
  const refusal = await refusalOf(fal.queue.submit(KONTEXT, { input: { prompt: "a fox" } }));
  expect(refusal).toBeInstanceOf(ApiError);
  expect((refusal as ApiError<unknown>).status).toBe(status);
});

const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const refusalOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => "answered",
    (error: unknown) => error,
  );
