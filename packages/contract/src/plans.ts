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
  /** US cents before tax, for a month or a year of it; null where nothing is paid. */
  readonly price: { readonly monthly: number; readonly yearly: number } | null;
};

export const PLANS = {
  free: { name: "Free", monthlyCredits: 0, concurrency: 3, priority: 0, historyDays: 3, price: null },
  basic: {
    name: "Basic",
    monthlyCredits: 500,
    concurrency: 5,
    priority: 10,
    historyDays: 7,
    price: { monthly: 9_00, yearly: 90_00 },
  },
  pro: {
    name: "Pro",
    monthlyCredits: 2_000,
    concurrency: 10,
    priority: 30,
    historyDays: 30,
    price: { monthly: 29_00, yearly: 290_00 },
  },
  ultra: {
    name: "Ultra",
    monthlyCredits: 6_000,
    concurrency: 20,
    priority: 60,
    historyDays: null,
    price: { monthly: 79_00, yearly: 790_00 },
  },
} as const satisfies Record<string, Plan>;

/** Credits that are bought once. */
export type Pack = { readonly credits: number /** US cents before tax. */; readonly price: number };

export const PACKS = {
  small: { credits: 200, price: 5_00 },
  medium: { credits: 1_000, price: 20_00 },
  large: { credits: 5_000, price: 85_00 },
} as const satisfies Record<string, Pack>;

export type PlanId = keyof typeof PLANS;
