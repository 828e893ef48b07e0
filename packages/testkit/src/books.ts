import { createHash, randomUUID } from "node:crypto";
import { Credits } from "@imgpilot/core/credits";
import type { Db } from "@imgpilot/core/db";
import { newId, runId } from "@imgpilot/core/ids";
import { type RunRequest, Runs } from "@imgpilot/core/runs";
import { expect } from "vitest";

/** An account with credits of its own; every test makes its own, so that tests share nothing. */
export async function anAccount(db: Db, credits: number | readonly number[] = 100): Promise<string> {
  const accountId = newId("acc");
  await Credits.openAccount(db, accountId);
  for (const amount of [credits].flat()) if (amount > 0) await aGrant(db, accountId, { amount });
  return accountId;
}

export async function aGrant(
  db: Db,
  accountId: string,
  facts: Partial<Parameters<typeof Credits.grant>[1]> = {},
): Promise<string> {
  const given = { source: "test", sourceRef: randomUUID(), category: "promo" as const, amount: 10, ...facts };
  return (await Credits.grant(db, { accountId, ...given })).grantId;
}

export const ROUTE = {
  provider: "google",
  upstream: "test-model",
  product: "nano-banana-2.1",
  costMicros: 33_600,
} as const;

/** A request for `count` images at 4 credits each. */
export function anOrder(accountId: string, facts: Partial<RunRequest> = {}): RunRequest {
  const count = facts.count ?? 1;
  const order = {
    generationId: newId("gen"),
    accountId,
    idempotencyKey: randomUUID(),
    model: "nano-banana-2.1",
    prompt: "a red fox in snow",
    aspectRatio: "1:1" as const,
    resolution: "1K" as const,
    count,
    seed: null,
    fallback: "same-model" as const,
    references: [],
    pricePerImage: 4,
    maxCredits: 4 * count,
    routes: [ROUTE],
    ...facts,
  };
  return { requestHash: createHash("sha256").update(order.prompt).digest("hex"), ...order };
}

/** A run that was asked for, claimed and confirmed: as far as its first call of a provider. */
export async function aRunAtWork(db: Db, facts: Partial<RunRequest> & { accountId?: string } = {}) {
  const accountId = facts.accountId ?? (await anAccount(db));
  const order = anOrder(accountId, facts);
  expect(await Runs.request(db, order)).toMatchObject({ status: "created" });
  const id = runId(order.generationId, 1);
  expect((await Runs.claim(db, 100)).map((run) => run.runId)).toContain(id);
  expect(await Runs.confirm(db, id)).toBe("held");
  return { accountId, generationId: order.generationId, runId: id };
}

export const stagingKey = (run: string, image: number, n: number): string => `staging/${run}/${image}/${n}`;

/** Begins attempt n of an image, which must be allowed. */
export async function aCall(db: Db, run: string, image = 0, n = 0): Promise<void> {
  const begun = await Runs.beginAttempt(db, {
    runId: run,
    image,
    n,
    route: ROUTE,
    stagingKey: stagingKey(run, image, n),
  });
  expect(begun).toBe("begun");
}

export async function aDelivery(db: Db, run: string, image = 0, n = 0): Promise<void> {
  await aCall(db, run, image, n);
  const end = { runId: run, image, n, state: "delivered", contentType: "image/png" } as const;
  expect(await Runs.finishAttempt(db, end)).toBe("delivered");
}

export const storedImage = (run: string, image = 0, attempt = 0) => {
  const folder = `images/${run}/${image}/${attempt}`;
  return {
    runId: run,
    image,
    attempt,
    keys: { original: `${folder}/original.png`, w320: `${folder}/w320.webp`, w1024: `${folder}/w1024.webp` },
    contentType: "image/png",
    width: 1024,
    height: 1024,
    bytes: 1_000_000,
    sha256: "0".repeat(64),
  };
};

/** Draws, delivers and records an image. */
export async function aRecordedImage(db: Db, run: string, image = 0): Promise<void> {
  await aDelivery(db, run, image);
  expect(await Runs.recordImage(db, storedImage(run, image))).toBe("recorded");
}

export async function expectBalancedBooks(db: Db): Promise<void> {
  expect(await Credits.audit(db)).toEqual([]);
}
