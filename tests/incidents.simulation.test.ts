import type { Context } from "@imgpilot/core/context";
import { Credits } from "@imgpilot/core/credits";
import { Refusal } from "@imgpilot/core/errors";
import { Generations } from "@imgpilot/core/generations";
import { OPEN_GATE } from "@imgpilot/core/routing/gate";
import { aGrant, anAccount, expectBalancedBooks } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { expect, test, vi } from "vitest";
import { freshLanes, type Lane } from "./simulation/lane.ts";
import { MemoryObjects } from "./simulation/objects.ts";
import { pictures } from "./simulation/pictures.ts";
import { PARTIAL, SCENARIOS } from "./simulation/scenarios.ts";
import { stage } from "./simulation/stage.ts";

/** What happened to others (ledger.md, section 2), named by where it was reported. None of it happens here. */
vi.mock("node:timers/promises", () => import("./simulation/timers.ts"));

const lanes = freshLanes(1);
const lane = (): Lane => lanes[0] as Lane;
const database = freshDatabase({ connections: 24 });

/** The real database with twenty connections, and a workflow that counts. */
function world(): { ctx: Context; started: string[] } {
  const started: string[] = [];
  const workflow: Context["workflow"] = {
    start: async ({ runId }) => void started.push(runId),
    stop: async () => {},
    state: async () => "running",
    failedIn: async () => null,
    redrive: async () => {},
  };
  const nobody = async () => {
    throw new Error("no provider is called here");
  };
  const report = (fault: unknown) => {
    throw fault;
  };
  const ports = { objects: new MemoryObjects(), images: pictures, gate: OPEN_GATE, provider: nobody, report };
  return { ctx: { db: database.db, workflow, ...ports }, started };
}

const ORDER = {
  model: "nano-banana-2.1",
  prompt: "a red fox in snow",
  aspectRatio: "1:1",
  resolution: "1K",
  count: 1,
  references: [],
  fallback: "same-model",
  maxCredits: 4,
} as const;
const ask = (ctx: Context, accountId: string, idempotencyKey: string) =>
  Generations.create(ctx, { accountId, idempotencyKey, order: { ...ORDER, references: [] } });
const refusal = (error: unknown) => (error instanceof Refusal ? error.code : error);

test("prompts.chat#1103, new-api#6609, Draftdeckai#513: twenty requests at once share the last credits (L7)", async () => {
  const { ctx, started } = world();
  const accountId = await anAccount(database.db, [3, 2]);
  const asked = Array.from({ length: 20 }, (_, n) => ask(ctx, accountId, `key ${n}`));
  const answers = await Promise.allSettled(asked);
  const refused = answers.flatMap((answer) => (answer.status === "rejected" ? [refusal(answer.reason)] : []));
  expect(refused).toEqual(Array.from({ length: 19 }, () => "credits.insufficient"));
  expect(started).toHaveLength(1);
  expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 1, held: 4 });
  await expectBalancedBooks(database.db);
});

test("Draftdeckai#859: the provider fails, and the credits come back (L10, W3)", async () => {
  const scenario = SCENARIOS.find(({ name }) => name === "never drawn");
  const { books } = await stage(lane(), scenario ? { scenario } : {});
  expect(books).toMatchObject({ consumed: 0, available: books.granted, generations: [{ state: "failed" }] });
});

test("elizaOS/eliza#10278: an error after settling does not give a delivered image away (L17)", async () => {
  const { books, world } = await stage(lane(), {
    faults: [[/^CommitCredits#\d+ call/, "is done, and the invocation lost"]],
  });
  expect([...world.cloud.executions.values()][0]?.walked?.path).toContain("RefundCredits");
  expect(books.runs).toMatchObject([{ outcome: "succeeded", charged: 4, settled_by: "CommitCredits" }]);
});

test("os-clovy#751: twenty failures in a row leave no hold behind, and the 21st order is drawn (L21)", async () => {
  const { books } = await stage(lane(), {
    orders: 21,
    pauseSeconds: 30,
    script: { reply: (_, nth) => (nth < 20 ? "moderated" : "draws") },
  });
  const outcomes = books.runs.map(({ outcome }) => outcome);
  expect(outcomes.filter((outcome) => outcome === "refused")).toHaveLength(20);
  expect(outcomes.filter((outcome) => outcome === "succeeded")).toHaveLength(1);
});

test("os-clovy#751: executions that vanish unheard free their places, too: within minutes, not when the hold expires", async () => {
  const { books } = await stage(lane(), {
    orders: 10,
    faults: [
      [/^ReserveCredits#\d+ run_confirm/, "is when the execution is aborted"],
      [/^EventBridge/, "is lost"],
    ],
  });
  expect(books.runs.map(({ settled_by }) => settled_by)).toEqual(Array.from({ length: 10 }, () => "sweeper"));
  for (const { settled, dispatched } of books.runs)
    expect((settled ?? 0) - (dispatched ?? 0)).toBeLessThan(700);
});

test("KeeperHub#2372: an answer that is lost leaves its key taken: the same order again makes no second run (W1)", async () => {
  const { books, world } = await stage(lane(), {
    faults: [[/^request#[12] generation_request/, "is done, and the Lambda dies"]],
  });
  expect(world.gate.trace.map(({ label }) => label)).toContain("request#3 call#1");
  expect(books.runs).toMatchObject([{ outcome: "succeeded", charged: 4 }]);
});

test("KeeperHub#2373: a refusal is kept for its key alone, and after DELETE a key draws nothing again (L6)", async () => {
  const { ctx, started } = world();
  const accountId = await anAccount(database.db, 0);
  const again = (key: string) => ask(ctx, accountId, key).catch(refusal);
  expect(await again("first")).toBe("credits.insufficient");
  await aGrant(database.db, accountId, { amount: 8 });
  expect(await again("first")).toBe("credits.insufficient");
  const { id } = await ask(ctx, accountId, "second");
  await Generations.remove(ctx, { generationId: id, accountId });
  expect(await again("second")).toBe("generation.missing");
  expect(started).toHaveLength(1);
  expect(await Credits.balance(database.db, accountId)).toMatchObject({ available: 8, held: 0 });
});

test.each([
  ["after the provider drew", /^SubmitImage\[0\]#1 submit/, 2],
  ["after the image was recorded", /^StoreImage\[0\]#1 image_record/, 1],
  ["after it was settled", /^CommitCredits#1 run_settlement/, 1],
])("Tracer-Cloud/opensre#5691: a run that crashed %s is billed once (L4, W4)", async (_, at, calls) => {
  const { books, world } = await stage(lane(), { faults: [[at, "is done, and the Lambda dies"]] });
  expect(books.runs).toMatchObject([{ outcome: "succeeded", recorded: 1, charged: 4 }]);
  expect(books.consumed).toBe(4);
  expect(world.providers.calls).toHaveLength(calls);
});

test("palmier-pro#521, civitai/cli#278: what failed says how much came back, and never that it was charged (C7)", async () => {
  const { told } = await stage(lane(), { scenario: PARTIAL });
  const { receipt, images } = await told();
  expect(receipt).toMatchObject({ quoted: 8, held: 8, charged: 4, returned: 4 });
  expect(
    receipt.entries.filter(({ kind }) => kind === "refund").reduce((sum, { amount }) => sum + amount, 0),
  ).toBe(4);
  expect(receipt.settledAt).not.toBeNull();
  expect(images.map(({ state }) => state)).toEqual(["done", "failed"]);
  expect(images[1]?.failure?.message).toMatch(/^Not charged: /);
});
