/**
 * How long things may take, in seconds (architecture.md, workflow, rule 10). They hold only together, and
 * `times.infra.test.ts` holds them against each other: a call ends before its Lambda, a Lambda before its task, every
 * task before the machine, and the machine before the hold that pays for it (L15).
 */
export const MACHINE_SECONDS = 3_600;

/** A task waits longer than its Lambda may run, so that it is the Lambda that says that the time was up. */
export const STEP_SECONDS = {
  "reserve-credits": { lambda: 10, task: 12 },
  "submit-image": { lambda: 270, task: 280 },
  "poll-image": { lambda: 60, task: 70 },
  "store-image": { lambda: 60, task: 70 },
  "commit-credits": { lambda: 10, task: 12 },
  "refund-credits": { lambda: 10, task: 12 },
} as const;
export type Step = keyof typeof STEP_SECONDS;

/** API Gateway gives up after 30 s; a Lambda that outlived it would work for nobody. */
export const HTTP_SECONDS = 28;

/** Jobs run every minute; a slow one must not meet the next. */
export const JOB_SECONDS = 50;

/** The audit reads the whole journal, and runs once an hour. */
export const AUDIT_SECONDS = 600;

export const EVENT_SECONDS = 30;
