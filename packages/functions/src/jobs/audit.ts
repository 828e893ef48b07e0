import type { Context } from "@imgpilot/core/context";
import { Credits } from "@imgpilot/core/credits";
import { job } from "../middleware/job.ts";
import { logger } from "../middleware/logger.ts";
import { count } from "../middleware/metric.ts";
import { contextOf } from "../parts/context.ts";
import { runtime } from "../runtime.ts";

/** Ids that one line tells: who looks into it asks the database for the others. */
const SUBJECTS = 20;
/** Below the function's own time (`stacks/times.ts`), so that it is the job that says that the books grew too long. */
const MOST_SECONDS = 540;

/**
 * Every hour: holds the books of credits and runs against their invariants, every account's hash chain among them, and
 * changes nothing. What it finds is told by ids alone; the metric says that it looked, and alarms hear both.
 */
export const audit = (context: () => Promise<Context>, stage: () => string) =>
  job("audit", context, async ({ db }) => {
    const findings = await Credits.audit(db, { mostSeconds: MOST_SECONDS });
    for (const [invariant, found] of Map.groupBy(findings, (finding) => finding.invariant))
      logger.error("audit.finding", {
        invariant,
        count: found.length,
        subjects: found.slice(0, SUBJECTS).map(({ subject }) => subject),
      });
    count(stage(), "AuditFindings", findings.length);
    return { findings: findings.length };
  });

export const handler = audit(contextOf({}), () => runtime().setting("STAGE"));
