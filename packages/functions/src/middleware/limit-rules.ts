import { REFUSALS } from "@imgpilot/contract/errors";
import type { Operation } from "@imgpilot/contract/routes";
import type { LimitRule, Limits } from "@imgpilot/core/limits";
import { DoorRefusal } from "./problem.ts";

/**
 * How often a minute: per account where somebody is signed in, else per address. Generating goes on without Redis,
 * under the caps that Postgres keeps.
 */
const PER_MINUTE: Readonly<Record<Operation, number>> = {
  getHealth: 300,
  listModels: 300,
  getOpenApi: 60,
  createUpload: 120,
  createQuote: 240,
  createGeneration: 120,
  listGenerations: 240,
  getGeneration: 1_200,
  cancelGeneration: 120,
  retryImage: 120,
  removeGeneration: 120,
  getCredits: 240,
  listEntries: 240,
  shareImage: 60,
  unshareImage: 60,
  // The site's Lambda asks for everybody who sees a page.
  getShare: 6_000,
  getShareImage: 600,
  createDraft: 30,
  getDraft: 60,
  getStatus: 300,
  improvePrompt: 20,
  describeImage: 20,
};

/** And how often in 24 hours, for what costs us money and the person none. */
const PER_DAY: Readonly<Partial<Record<Operation, number>>> = {
  improvePrompt: 100,
  describeImage: 50,
};

/** What is free but not for us is refused while nobody can count. */
function rulesOf(operation: Operation): LimitRule[] {
  const perDay = PER_DAY[operation];
  const whenDown = perDay === undefined ? "allow" : "refuse";
  const perMinute = { name: operation, points: PER_MINUTE[operation], windowSeconds: 60, whenDown } as const;
  if (perDay === undefined) return [perMinute];
  return [perMinute, { name: `${operation}:day`, points: perDay, windowSeconds: 86_400, whenDown }];
}

/** @throws {DoorRefusal} `rate.limited` */
export async function countRequest(limits: Limits, operation: Operation, who: string): Promise<void> {
  for (const rule of rulesOf(operation)) {
    const { allowed, retryAfterSeconds } = await limits.consume(rule, who);
    if (allowed) continue;
    const [, title] = REFUSALS["rate.limited"];
    throw new DoorRefusal(
      "rate.limited",
      { "retry-after": String(retryAfterSeconds) },
      `${title}: wait ${retryAfterSeconds} s`,
    );
  }
}
