import { afterEach, describe, expect, inject, test } from "vitest";
import { endedExecution } from "./support/executions.ts";
import { booksOf, ended, newPerson, ORDER, until } from "./support/person.ts";
import { providerControl } from "./support/provider-control.ts";

/** The main job through the whole local cloud: the synthesised routes, Lambdas and state machine on real services. */
const endpoints = inject("endpoints");
const google = providerControl("google", endpoints.simulators.google);
const bfl = providerControl("bfl", endpoints.simulators.bfl);
const fal = providerControl("fal", endpoints.simulators.fal);

afterEach(() => Promise.all([google.reset(), bfl.reset(), fal.reset()]));

describe("a delivered order", () => {
  test("is charged once, for a real stored image, and its execution can be read with AWS's own client", async () => {
    const ann = await newPerson(endpoints);
    const { id } = await ann.client.createGeneration({ body: { ...ORDER, count: 2 } });
    const generation = await ended(ann, id);

    expect(generation.state).toBe("succeeded");
    expect(booksOf(generation)).toEqual({ charged: 8, returned: 0, delivered: 2, balanced: true });
    for (const { url, thumbnails } of generation.images) {
      for (const address of [url, thumbnails?.w320, thumbnails?.w1024]) {
        const response = await fetch(address as string);
        expect(response.status).toBe(200);
        expect(response.headers.get("content-type")).toMatch(/^image\//);
      }
    }
    const execution = await endedExecution(endpoints, `${id}-1`);
    expect(execution.status).toBe("SUCCEEDED");
    expect(execution.entered).toContain("GenerationSucceeded");
    expect((await ann.client.getCredits({})).available).toBe(12);
  });

  test("of a model that queues is polled, and asked for once only (W4)", async () => {
    const ann = await newPerson(endpoints);
    const { id } = await ann.client.createGeneration({ body: { ...ORDER, model: "flux-kontext-pro" } });
    const generation = await ended(ann, id);

    expect(booksOf(generation)).toEqual({ charged: 4, returned: 0, delivered: 1, balanced: true });
    expect((await endedExecution(endpoints, `${id}-1`)).entered).toContain("AwaitProvider");
    const submits = (await bfl.requests()).filter(({ path }) => path.includes("flux-kontext-pro"));
    expect(submits).toHaveLength(1);
  });

  test("is private: neither its bucket address without the signature nor another person reaches it (promise D3)", async () => {
    const [ann, bob] = await Promise.all([newPerson(endpoints), newPerson(endpoints)]);
    const { id } = await ann.client.createGeneration({ body: ORDER });
    const [image] = (await ended(ann, id)).images;

    const bare = new URL(image?.url as string);
    bare.search = "";
    expect((await fetch(bare)).status).toBe(403);
    await expect(bob.client.getGeneration({ params: { id } })).rejects.toMatchObject({ status: 404 });
  });
});

describe("a provider in trouble", () => {
  test("two 429s, then success: visible as BackOff, charged once", async () => {
    await google.next({ name: "429", retryAfterSeconds: 1 }, { name: "429", retryAfterSeconds: 1 });
    const ann = await newPerson(endpoints);
    const { id } = await ann.client.createGeneration({ body: ORDER });
    const generation = await ended(ann, id);

    expect(booksOf(generation)).toEqual({ charged: 4, returned: 0, delivered: 1, balanced: true });
    expect(generation.receipt.attempts.map(({ error }) => error)).toEqual([
      "rate_limited",
      "rate_limited",
      null,
    ]);
    const { entered } = await endedExecution(endpoints, `${id}-1`);
    expect(entered.filter((name) => name === "BackOff")).toHaveLength(2);
  });

  test("the provider is down: another one that was allowed answers, and the receipt names it (promise C3)", async () => {
    await google.next("503", "503", "503", "503");
    const ann = await newPerson(endpoints);
    const { id } = await ann.client.createGeneration({ body: { ...ORDER, fallback: "any-model" } });
    const generation = await ended(ann, id);

    expect(generation.state).toBe("succeeded");
    expect(booksOf(generation)).toMatchObject({ charged: 4, balanced: true });
    expect((await endedExecution(endpoints, `${id}-1`)).entered).toContain("FallBack");
    expect(generation.receipt.attempts.at(-1)).toMatchObject({ provider: "fal", state: "delivered" });
    expect(generation.images[0]?.provider).toBe("fal");
  });

  test("without permission nobody else gets the prompt, and nothing is charged (promise C3)", async () => {
    await google.next("503", "503", "503", "503", "503", "503");
    const ann = await newPerson(endpoints);
    const { id } = await ann.client.createGeneration({ body: { ...ORDER, fallback: "none" } });
    const generation = await ended(ann, id);

    expect(generation.state).toBe("failed");
    expect(booksOf(generation)).toEqual({ charged: 0, returned: 4, delivered: 0, balanced: true });
    expect(await fal.requests()).toEqual([]);
    expect((await endedExecution(endpoints, `${id}-1`)).status).toBe("FAILED");
  });

  test("moderated: refunded with the reason, and the execution succeeds as refused", async () => {
    await google.next("moderated-input");
    const ann = await newPerson(endpoints);
    const { id } = await ann.client.createGeneration({ body: { ...ORDER, fallback: "none" } });
    const generation = await ended(ann, id);

    expect(generation.state).toBe("refused");
    expect(booksOf(generation)).toEqual({ charged: 0, returned: 4, delivered: 0, balanced: true });
    expect(generation.images[0]?.failure).toMatchObject({ code: "provider.moderated" });
    expect(generation.images[0]?.failure?.message).toMatch(/not charged/i);
    const execution = await endedExecution(endpoints, `${id}-1`);
    expect(execution.status).toBe("SUCCEEDED");
    expect(execution.entered).toContain("GenerationRefused");
    expect((await ann.client.getCredits({})).available).toBe(20);
  });

  test("three of four images delivered: charged for three", async () => {
    await google.next("moderated-output");
    const ann = await newPerson(endpoints);
    const { id } = await ann.client.createGeneration({ body: { ...ORDER, count: 4, fallback: "none" } });
    const generation = await ended(ann, id);

    expect(generation.state).toBe("partial");
    expect(booksOf(generation)).toEqual({ charged: 12, returned: 4, delivered: 3, balanced: true });
    expect((await ann.client.getCredits({})).available).toBe(8);
  });

  test.each(["not-an-image", "bomb"])(
    "%s instead of a picture is not stored, and not charged",
    async (name) => {
      await google.next(name, name, name);
      const ann = await newPerson(endpoints);
      const { id } = await ann.client.createGeneration({ body: { ...ORDER, fallback: "none" } });
      const generation = await ended(ann, id);

      expect(booksOf(generation)).toEqual({ charged: 0, returned: 4, delivered: 0, balanced: true });
      expect(generation.images[0]?.failure?.code).toBe("provider.bad_response");
    },
  );
});

test("a reference reaches the model, and only its owner's", async () => {
  const [ann, bob] = await Promise.all([newPerson(endpoints), newPerson(endpoints)]);
  const first = await ann.client.createGeneration({ body: ORDER });
  const picture = (await ended(ann, first.id)).images[0]?.url as string;
  const bytes = new Uint8Array(await (await fetch(picture)).arrayBuffer());
  const contentType = bytes[0] === 0x89 ? "image/png" : "image/jpeg";
  const sha256 = Buffer.from(await crypto.subtle.digest("SHA-256", bytes)).toString("hex");
  const upload = await ann.client.createUpload({ body: { contentType, bytes: bytes.length, sha256 } });
  expect((await fetch(upload.url, { method: "PUT", headers: upload.headers, body: bytes })).status).toBe(200);

  await expect(
    bob.client.createGeneration({ body: { ...ORDER, references: [upload.id] } }),
  ).rejects.toMatchObject({ code: "reference.missing" });
  const { id } = await ann.client.createGeneration({ body: { ...ORDER, references: [upload.id] } });
  expect((await ended(ann, id)).state).toBe("succeeded");
  expect(JSON.stringify((await google.requests()).at(-1))).toContain("inlineData");
});

test("the execution of an order is there as soon as it runs, under the run's name", async () => {
  const ann = await newPerson(endpoints);
  const { id } = await ann.client.createGeneration({ body: ORDER });
  await until(
    "it to run",
    () => ann.client.getGeneration({ params: { id } }),
    ({ state }) => state !== "queued",
  );
  expect((await endedExecution(endpoints, `${id}-1`)).events[0]?.type).toBe("ExecutionStarted");
});
