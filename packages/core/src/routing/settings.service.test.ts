import type { Order } from "@imgpilot/contract/generations";
import { anAccount } from "@imgpilot/testkit/books";
import { freshDatabase } from "@imgpilot/testkit/postgres";
import { beforeEach, describe, expect, test } from "vitest";
import { Refusal } from "../errors.ts";
import { plan } from "../generations/plan.ts";
import { Routing } from "./index.ts";
import { BadSettings } from "./settings.ts";

const database = freshDatabase();
const WHO = { actor: "operator", reason: "an outage" };
const configure = (document: unknown) => Routing.configure(database.db, { document, ...WHO });
const ORDER: Order = {
  model: "flux-kontext-pro",
  prompt: "a red fox in snow",
  aspectRatio: "1:1",
  resolution: "1K",
  count: 1,
  references: [],
  fallback: "same-model",
};
const routes = async (order: Partial<Order> = {}) => {
  const accountId = await anAccount(database.db, 0);
  const planned = await plan(database.db, accountId, { ...ORDER, ...order });
  return planned.routes.map(({ provider, only }) => (only ? `${provider} after a block` : provider));
};

describe("what operators change without a deploy", () => {
  beforeEach(() => configure({}));

  test("a route that is switched off is not called for new orders, until it is on again", async () => {
    await configure({ off: [{ provider: "bfl", upstream: "flux-kontext-pro" }] });
    expect(await routes()).toEqual(["fal", "replicate"]);
    await configure({});
    expect(await routes()).toEqual(["bfl", "fal", "replicate"]);
  });

  test("a provider that is switched off is not called for any of its models", async () => {
    await configure({ off: [{ provider: "fal" }] });
    expect(await routes()).toEqual(["bfl", "replicate"]);
    expect(await routes({ model: "nano-banana-2.1" })).toEqual(["google"]);
  });

  test("an order for a model that nobody is left to draw is refused before anything is reserved", async () => {
    await configure({ off: [{ provider: "xai" }] });
    const refused = routes({ model: "grok-imagine-2" });
    await expect(refused).rejects.toThrow(Refusal);
    await expect(refused).rejects.toMatchObject({ code: "model.unable" });
  });

  test("who is asked after a block is named, and asked only where the order permits any model", async () => {
    await configure({ afterBlock: { "flux-kontext-pro": ["nano-banana-2.1"] } });
    expect(await routes({ fallback: "any-model" })).toContain("google after a block");
    expect(await routes()).not.toContain("google after a block");
  });

  test.each([
    ["a provider", { off: [{ provider: "nobody" }] }],
    ["a model of a provider", { off: [{ provider: "bfl", upstream: "nano" }] }],
    ["a model", { afterBlock: { "flux-kontext-pro": ["nano"] } }],
    ["a word", { of: [] }],
  ])("%s that is not there is refused, and what was in force stays", async (_, document) => {
    await configure({ off: [{ provider: "bfl" }] });
    await expect(configure(document)).rejects.toThrow(BadSettings);
    expect(await routes()).toEqual(["fal", "replicate"]);
  });

  test("nonsense that was written past the check is as if it were not there", async () => {
    await database.owner`
      insert into routing_setting (document, actor, reason) values ('{"off": 7}', 'somebody', 'by hand')`;
    expect(await routes()).toEqual(["bfl", "fal", "replicate"]);
  });

  test("a change says who and why, and is never rewritten", async () => {
    await expect(Routing.configure(database.db, { document: {}, actor: "", reason: "x" })).rejects.toThrow();
    await expect(database.owner`update routing_setting set reason = 'another'`).rejects.toThrow("history");
  });
});
