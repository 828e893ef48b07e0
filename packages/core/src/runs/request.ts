import type { RefusalCode } from "@imgpilot/contract/errors";
import { PLANS } from "@imgpilot/contract/plans";
import { sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import { exact, verb, verbRow } from "../db/verb.ts";
import { HOLD_SECONDS, QUEUE_SECONDS, START_SECONDS } from "./limits.ts";
import type { RunAnswer, RunRequest } from "./types.ts";
import type { ExecutionInput } from "./workflow.ts";

/**
 * Makes a generation, its first run, hold and place in the queue, in one transaction. The same key with the same content
 * repeats the first answer, refusals too (W1). Refuses with `credits.insufficient`, `price.changed`, `reference.missing`.
 */
export async function request(db: Db, asked: RunRequest): Promise<RunAnswer> {
  const { generationId, accountId, idempotencyKey, requestHash, pricePerImage, maxCredits, routes } = asked;
  const { model, prompt, aspectRatio, resolution, count, seed, fallback, references } = asked;
  const order = { model, prompt, aspectRatio, resolution, count, seed, fallback, references };
  const row = await verbRow<{ status: RunAnswer["status"]; generation_id: string; code: RefusalCode }>(
    db,
    sql`select * from generation_request(${generationId}, ${accountId}, ${idempotencyKey}, ${requestHash},
      ${JSON.stringify(order)}::text::jsonb, ${exact(pricePerImage)}, ${exact(maxCredits)},
      ${JSON.stringify(routes)}::text::jsonb)`,
  );
  if (row.status === "key.reused") return { status: row.status };
  if (row.status === "refused") return { status: row.status, code: row.code };
  return { status: row.status, generationId: row.generation_id };
}

type Executable = { id: string; generation_id: string; images: number[] };
const executionInput = ({ id, generation_id, images }: Executable): ExecutionInput => ({
  runId: id,
  generationId: generation_id,
  images,
});

/**
 * Takes up to `limit` runs from the queue, each account within what its plan allows at once (rule 7, L21). Accounts are
 * served by how many runs they have before this one, then by how long it has waited, the plan's priority counted in.
 * Whoever gets a run starts its execution; should that fail, the sweeper does. Call it outside other transactions.
 */
export async function claim(db: Db, limit: number): Promise<ExecutionInput[]> {
  const rows = await verb<Executable>(
    db,
    sql`select * from run_claim(${limit}, ${JSON.stringify(PLANS)}::text::jsonb,
      make_interval(secs => ${HOLD_SECONDS}))`,
  );
  return rows.map(executionInput);
}

/** ReserveCredits: the run is open and its credits are held, or it is refused. */
export async function confirm(db: Db, runId: string): Promise<"held" | "refused"> {
  const { verdict } = await verbRow<{ verdict: "held" | "refused" }>(
    db,
    sql`select run_confirm(${runId}, make_interval(secs => ${HOLD_SECONDS})) as verdict`,
  );
  return verdict;
}

export type DueRun = {
  readonly runId: string;
  readonly executionInput: ExecutionInput;
  readonly problem: "queued-too-long" | "dispatched";
  /** Too late to start what was not started. */
  readonly pastDeadline: boolean;
  readonly holdExpired: boolean;
};

/** What the sweeper looks at, oldest first: runs queued for a day, and every dispatched run that is open (rule 9). */
export async function due(db: Db): Promise<DueRun[]> {
  const rows = await verb<
    Executable & { dispatched: boolean; past_deadline: boolean; hold_expired: boolean }
  >(
    db,
    sql`select r.id, r.generation_id, r.images, r.dispatched_at is not null as dispatched,
        coalesce(r.dispatched_at + make_interval(secs => ${START_SECONDS}) <= now(), false) as past_deadline,
        coalesce(h.expires_at <= now(), false) as hold_expired
      from run r left join credit_hold h on h.id = r.id
      where r.settled_at is null
        and (r.dispatched_at is not null or r.created_at <= now() - make_interval(secs => ${QUEUE_SECONDS}))
      order by r.created_at limit 1000`,
  );
  return rows.map((row) => ({
    runId: row.id,
    executionInput: executionInput(row),
    problem: row.dispatched ? "dispatched" : "queued-too-long",
    pastDeadline: row.past_deadline,
    holdExpired: row.hold_expired,
  }));
}
