import type { Attempt, GenerationWithReceipt, Image } from "@imgpilot/contract/generations";

/** Generations for tests: one image, running since noon, with what a test wants to be different. */
export const NOON = "2026-03-01T12:00:00.000Z";

export const imageOf = (more: Partial<Image> = {}): Image => ({
  n: 0,
  state: "calling",
  attempt: 1,
  provider: "google",
  failure: null,
  url: null,
  thumbnails: null,
  width: null,
  height: null,
  contentType: null,
  bytes: null,
  share: null,
  ...more,
});

export const attemptOf = (more: Partial<Attempt> = {}): Attempt => ({
  image: 0,
  n: 1,
  provider: "google",
  model: "nano-banana-2.1",
  state: "started",
  error: null,
  providerRequestId: null,
  costMicros: 0,
  startedAt: NOON,
  endedAt: null,
  ...more,
});

export function generationOf(more: Partial<GenerationWithReceipt> = {}): GenerationWithReceipt {
  const images = more.images ?? [imageOf()];
  return {
    id: "gen_1",
    state: "running",
    model: "nano-banana-2.1",
    prompt: "a fox",
    aspectRatio: "1:1",
    resolution: "1K",
    count: images.length,
    seed: null,
    fallback: "same-model",
    references: [],
    credits: { quoted: 4, charged: 0 },
    createdAt: NOON,
    endedAt: null,
    images,
    receipt: {
      quoted: 4,
      held: 4,
      charged: 0,
      returned: 0,
      settledAt: null,
      entries: [],
      attempts: [],
      requested: { model: "nano-banana-2.1", aspectRatio: "1:1", resolution: "1K", seed: null },
    },
    ...more,
  };
}
