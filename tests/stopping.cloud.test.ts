import { DescribeExecutionCommand, type SFNClient } from "@aws-sdk/client-sfn";
import { afterEach, describe, expect, inject, test } from "vitest";
import { endedExecution, executionArn, sfnAt } from "./support/executions.ts";
import { booksOf, ended, newPerson, ORDER, type Person, until } from "./support/person.ts";
import { providerControl } from "./support/provider-control.ts";

/** Cancel, delete and refusals: what stops an order, at whatever moment, leaves its books balanced. */
const endpoints = inject("endpoints");
const google = providerControl("google", endpoints.simulators.google);
const SLOW = { name: "slow", seconds: 30 };

afterEach(() => google.reset());

const cancel = ({ client }: Person, id: string) => client.cancelGeneration({ params: { id } });
const exists = (client: SFNClient, runId: string) =>
  client.send(new DescribeExecutionCommand({ executionArn: executionArn(endpoints, runId) })).then(
    () => true,
    () => false,
  );

describe("cancel", () => {
  test("of a queued order gives everything back, and it is never started", async () => {
    await google.next(SLOW, SLOW, SLOW);
    const ann = await newPerson(endpoints);
    const running = [];
    for (let n = 0; n < 3; n++) running.push(await ann.client.createGeneration({ body: ORDER }));
    const { id } = await ann.client.createGeneration({ body: ORDER });
    expect((await ann.client.getGeneration({ params: { id } })).state).toBe("queued");

    await cancel(ann, id);
    const generation = await ended(ann, id);
    expect(generation.state).toBe("cancelled");
    expect(booksOf(generation)).toEqual({ charged: 0, returned: 4, delivered: 0, balanced: true });
    for (const each of running) await cancel(ann, each.id);
    for (const each of running) await ended(ann, each.id);
    expect(await ann.client.getCredits({})).toMatchObject({ available: 20, held: 0 });
    expect(await exists(sfnAt(endpoints), `${id}-1`)).toBe(false);
  });

  test("half-way keeps and charges what was delivered, and gives the rest back", async () => {
    await google.next("ok", SLOW);
    const ann = await newPerson(endpoints);
    const { id } = await ann.client.createGeneration({ body: { ...ORDER, count: 2 } });
    const delivered = (g: { images: { state: string }[] }) =>
      g.images.filter(({ state }) => state === "done").length;
    await until(
      "one image",
      () => ann.client.getGeneration({ params: { id } }),
      (g) => delivered(g) === 1,
    );

    await cancel(ann, id);
    const generation = await ended(ann, id);
    expect(booksOf(generation)).toEqual({ charged: 4, returned: 4, delivered: 1, balanced: true });
    expect((await endedExecution(endpoints, `${id}-1`)).status).toBe("ABORTED");
    expect((await ann.client.getCredits({})).available).toBe(16);
  });

  test("while storing either delivers and charges or does neither (W2)", async () => {
    const ann = await newPerson(endpoints);
    const { id } = await ann.client.createGeneration({ body: { ...ORDER, resolution: "4K" } });
    const storing = (g: { images: { state: string }[] }) =>
      ["storing", "done"].includes(g.images[0]?.state ?? "");
    await until("storing", () => ann.client.getGeneration({ params: { id } }), storing);

    await cancel(ann, id);
    const books = booksOf(await ended(ann, id));
    expect(books.balanced).toBe(true);
    expect(books.charged).toBe(books.delivered * 12);
    expect((await ann.client.getCredits({})).available).toBe(20 - books.charged);
  });
});

test("DELETE while it runs: gone at once, settled, stopped, and its addresses die with its objects (promise R6)", async () => {
  await google.next("ok", SLOW);
  const ann = await newPerson(endpoints);
  const { id } = await ann.client.createGeneration({ body: { ...ORDER, count: 2 } });
  const image = await until(
    "one image",
    async () =>
      (await ann.client.getGeneration({ params: { id } })).images.find(({ state }) => state === "done"),
    (found) => found !== undefined,
  );
  await ann.client.removeGeneration({ params: { id } });

  await expect(ann.client.getGeneration({ params: { id } })).rejects.toMatchObject({ status: 404 });
  expect(await ann.client.getCredits({})).toMatchObject({ available: 16, held: 0 });
  expect((await endedExecution(endpoints, `${id}-1`)).status).toBe("ABORTED");
  const url = image?.url as string;
  await until(
    "the object to go",
    () => fetch(url),
    ({ status }) => status === 404,
    90,
  );
});

describe("an order that may not start", () => {
  test("402: too few credits start no execution and hold nothing", async () => {
    const ann = await newPerson(endpoints);
    const order = { ...ORDER, resolution: "4K" as const, count: 2 };
    await expect(ann.client.createGeneration({ body: order })).rejects.toMatchObject({
      status: 402,
      code: "credits.insufficient",
    });
    expect(await ann.client.getCredits({})).toMatchObject({ available: 20, held: 0 });
    expect((await ann.client.listGenerations({ query: {} })).items).toEqual([]);
  });

  test("409: a price above what was agreed starts nothing (promise C5)", async () => {
    const ann = await newPerson(endpoints);
    await expect(ann.client.createGeneration({ body: { ...ORDER, maxCredits: 3 } })).rejects.toMatchObject({
      status: 409,
      code: "price.changed",
    });
    expect(await ann.client.getCredits({})).toMatchObject({ available: 20, held: 0 });
  });
});

test("one Idempotency-Key, 32 times at once: one generation, one hold, one execution, one charge (W1)", async () => {
  const ann = await newPerson(endpoints);
  const idempotencyKey = crypto.randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 32 }, () => ann.client.createGeneration({ body: ORDER, idempotencyKey })),
  );
  const ids = new Set(answers.map(({ id }) => id));
  expect(ids.size).toBe(1);
  const [id] = ids as Set<string>;
  const generation = await ended(ann, id as string);

  expect(booksOf(generation)).toEqual({ charged: 4, returned: 0, delivered: 1, balanced: true });
  expect(generation.receipt.entries.filter(({ kind }) => kind === "reserve")).toHaveLength(1);
  expect((await ann.client.listGenerations({ query: {} })).items).toHaveLength(1);
  expect((await google.requests()).filter(({ method }) => method === "POST")).toHaveLength(1);
  await expect(
    ann.client.createGeneration({ body: { ...ORDER, prompt: "something else" }, idempotencyKey }),
  ).rejects.toMatchObject({ status: 409, code: "key.reused" });
});
