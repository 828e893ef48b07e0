/** How often something may be done. `name` separates the counters of one rule from those of another. */
export type LimitRule = {
  readonly name: string;
  readonly points: number;
  readonly windowSeconds: number;
  /** What to answer while the counters cannot be reached: `refuse` where money or abuse is at stake, else `allow`. */
  readonly whenDown: "refuse" | "allow";
};

export type LimitVerdict = {
  readonly allowed: boolean;
  /** When to come back; 0 where allowed. */
  readonly retryAfterSeconds: number;
};

export type Limits = {
  /** Counts one more for `key` (an account, an address) under the rule. Never throws and never hangs: see `whenDown`. */
  readonly consume: (rule: LimitRule, key: string) => Promise<LimitVerdict>;
  /** Throws when the counters cannot be reached. */
  readonly check: () => Promise<void>;
};
