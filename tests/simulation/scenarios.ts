import type { RunRoute } from "@imgpilot/core/runs";
import type { RunOutcome } from "@imgpilot/core/runs/workflow";
import type { Poll, Reply } from "./providers.ts";

const GOOGLE: RunRoute = {
  provider: "google",
  upstream: "gemini",
  product: "nano-banana-2.1",
  costMicros: 33_600,
};
const BFL: RunRoute = { provider: "bfl", upstream: "flux", product: "flux-kontext-pro", costMicros: 40_000 };

/** What is asked for, and how the providers take it; the last reply is given again and again. */
export type Scenario = {
  readonly name: string;
  readonly count: number;
  readonly routes: readonly RunRoute[];
  readonly google?: readonly Reply[];
  readonly bfl?: readonly Reply[];
  readonly polls?: readonly Poll[];
  /** How it ends where nothing goes wrong. */
  readonly outcome: RunOutcome;
  /** Whether it ends so under any one passing fault, too. */
  readonly isRobust: boolean;
  /** Whether every kind of fault is tried in it each time, not the most different ones alone. */
  readonly isClosely?: true;
};

export const DRAWN: Scenario = {
  name: "drawn at once",
  count: 1,
  routes: [GOOGLE],
  google: ["draws"],
  outcome: "succeeded",
  isRobust: true,
  isClosely: true,
};

export const QUEUED: Scenario = {
  name: "queued by the provider, and polled",
  count: 1,
  routes: [BFL],
  bfl: ["queues"],
  polls: ["pending", "drawn"],
  outcome: "succeeded",
  isRobust: true,
  isClosely: true,
};

export const PARTIAL: Scenario = {
  name: "two images, one of them blocked",
  count: 2,
  routes: [GOOGLE],
  google: ["draws", "moderated"],
  outcome: "partial",
  isRobust: false,
  isClosely: true,
};

export const SCENARIOS: readonly Scenario[] = [
  DRAWN,
  QUEUED,
  PARTIAL,
  {
    name: "two images",
    count: 2,
    routes: [GOOGLE],
    google: ["draws"],
    outcome: "succeeded",
    isRobust: true,
  },
  {
    name: "too many requests, then drawn",
    count: 1,
    routes: [GOOGLE],
    google: ["rate_limited", "draws"],
    outcome: "succeeded",
    isRobust: false,
    isClosely: true,
  },
  {
    name: "out of quota, and drawn elsewhere",
    count: 1,
    routes: [GOOGLE, BFL],
    google: ["quota"],
    bfl: ["queues"],
    polls: ["drawn"],
    outcome: "succeeded",
    isRobust: true,
    isClosely: true,
  },
  {
    name: "no picture, then drawn",
    count: 1,
    routes: [GOOGLE],
    google: ["garbage", "draws"],
    outcome: "succeeded",
    isRobust: false,
  },
  {
    name: "no answer in time, then drawn",
    count: 1,
    routes: [GOOGLE],
    google: ["timeout", "draws"],
    outcome: "succeeded",
    isRobust: false,
  },
  {
    name: "a provider that is never heard of again, then drawn",
    count: 1,
    routes: [GOOGLE],
    google: ["hangs", "draws"],
    outcome: "succeeded",
    isRobust: false,
  },
  {
    name: "blocked",
    count: 1,
    routes: [GOOGLE],
    google: ["moderated"],
    outcome: "refused",
    isRobust: true,
    isClosely: true,
  },
  {
    name: "queued, and then blocked",
    count: 1,
    routes: [BFL],
    bfl: ["queues"],
    polls: ["fails", "moderated"],
    outcome: "refused",
    isRobust: false,
  },
  {
    name: "never drawn",
    count: 1,
    routes: [GOOGLE],
    google: ["overloaded"],
    outcome: "failed",
    isRobust: true,
  },
  {
    name: "queued for ever",
    count: 1,
    routes: [BFL],
    bfl: ["queues"],
    polls: ["pending"],
    outcome: "failed",
    isRobust: true,
  },
];
