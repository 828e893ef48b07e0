/** What people subscribe to. The owner edits this table; nothing else holds a number of it. */
export type Plan = {
  readonly name: string;
  readonly monthlyCredits: number;
  /** Runs that are drawn at once; what is asked for beyond them waits in the queue (L21). */
  readonly concurrency: number;
  /** Seconds: its runs are served as if they had waited so much longer. A head start, so that nobody starves. */
  readonly priority: number;
  /** Days of history that are shown (promise R2); null: all of it. */
  readonly historyDays: number | null;
};

export const PLANS = {
  free: { name: "Free", monthlyCredits: 0, concurrency: 3, priority: 0, historyDays: 3 },
  basic: { name: "Basic", monthlyCredits: 500, concurrency: 5, priority: 10, historyDays: 7 },
  pro: { name: "Pro", monthlyCredits: 2_000, concurrency: 10, priority: 30, historyDays: 30 },
  ultra: { name: "Ultra", monthlyCredits: 6_000, concurrency: 20, priority: 60, historyDays: null },
} as const satisfies Record<string, Plan>;

export type PlanId = keyof typeof PLANS;
