import type {
  Attempt,
  Entry,
  GenerationWithReceipt,
  Image,
  ReceiptRun,
} from "@imgpilot/contract/generations";

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
  run: 1,
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

export const runOf = (more: Partial<ReceiptRun> = {}): ReceiptRun => ({
  n: 1,
  images: [0],
  paidBy: "person",
  held: 4,
  charged: 0,
  returned: 4,
  settledAt: NOON,
  ...more,
});

export const entryOf = (from: string, to: string, at: string): Entry => ({
  id: 1,
  kind: "reserve",
  grant: "grt_1",
  hold: "run_1",
  from,
  to,
  amount: 4,
  at,
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
    quality: null,
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
      runs: [],
      entries: [],
      attempts: [],
      requested: { model: "nano-banana-2.1", aspectRatio: "1:1", resolution: "1K", seed: null },
    },
    ...more,
  };
}
