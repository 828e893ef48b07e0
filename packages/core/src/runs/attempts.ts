import type { Provider } from "@imgpilot/contract/catalogue";
import type { ProviderErrorKind } from "@imgpilot/contract/errors";
import { and, asc, eq, getTableColumns, sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import { exact, verbRow } from "../db/verb.ts";
import { MAX_ATTEMPTS } from "./limits.ts";
import { runAttempt } from "./runs.sql.ts";
import type { AttemptEnd, AttemptOf, AttemptRow, AttemptState, RunRoute, StoredImage } from "./types.ts";

/** The calls made for one image of a run, in order. */
export async function attempts(db: Db, runId: string, image: number): Promise<AttemptRow[]> {
  const age = sql<number>`extract(epoch from clock_timestamp() - ${runAttempt.startedAt})::float8`;
  const rows = await db
    .select({ ...getTableColumns(runAttempt), ageSeconds: age })
    .from(runAttempt)
    .where(and(eq(runAttempt.runId, runId), eq(runAttempt.image, image)))
    .orderBy(asc(runAttempt.n));
  return rows.map(({ runId: _, image: __, upperCostMicros: ___, ...row }) => ({
    ...row,
    provider: row.provider as Provider,
    errorKind: row.errorKind as ProviderErrorKind | null,
    errorStage: row.errorStage as AttemptRow["errorStage"],
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
  }));
}

/**
 * Writes the row that must be there before a provider is called (W4). `closed`: the run is not open. `exists`: there is
 * an attempt to answer from. `exhausted`: no more calls, because of their number or because one followed an unknown.
 */
export async function beginAttempt(
  db: Db,
  { runId, image, n, route, stagingKey }: AttemptOf & { route: RunRoute; stagingKey: string },
): Promise<"begun" | "closed" | "exists" | "exhausted"> {
  const { verdict } = await verbRow<{ verdict: "begun" | "closed" | "exists" | "exhausted" }>(
    db,
    sql`select attempt_begin(${runId}, ${image}, ${n}, ${route.provider}, ${route.upstream}, ${route.product},
      ${exact(route.costMicros)}, ${stagingKey}, ${MAX_ATTEMPTS}) as verdict`,
  );
  return verdict;
}

/** Finishes an attempt. Answers the state that stands, which is another where a call came too late. */
export async function finishAttempt(db: Db, end: AttemptEnd): Promise<AttemptState> {
  const { runId, image, n, handle, requestId, contentType, costMicros, error } = end;
  const { state } = await verbRow<{ state: AttemptState }>(
    db,
    sql`select attempt_finish(${runId}, ${image}, ${n}, ${end.state}, ${handle ?? null}, ${requestId ?? null},
      ${contentType ?? null}, ${costMicros === undefined ? null : exact(costMicros)}, ${error?.kind ?? null},
      ${error?.stage ?? null}, ${error?.reason ?? null}, ${error?.retryAfterSeconds ?? null}) as state`,
  );
  return state;
}

/** Books an attempt that is older than this as unknown, at its upper cost: nobody can finish it any more (rule 5). */
export async function giveUpAttempt(
  db: Db,
  { runId, image, n, afterSeconds }: AttemptOf & { afterSeconds: number },
): Promise<AttemptState> {
  const { state } = await verbRow<{ state: AttemptState }>(
    db,
    sql`select attempt_give_up(${runId}, ${image}, ${n}, make_interval(secs => ${afterSeconds})) as state`,
  );
  return state;
}

/** Records a stored image, which is what will be charged (rule 3, W2). `refused`: it is not wanted any more. */
export async function recordImage(db: Db, stored: StoredImage): Promise<"recorded" | "refused"> {
  const { runId, image, attempt, keys, contentType, width, height, bytes, sha256 } = stored;
  const { verdict } = await verbRow<{ verdict: "recorded" | "refused" }>(
    db,
    sql`select image_record(${runId}, ${image}, ${attempt}, ${keys.original}, ${keys.w320}, ${keys.w1024},
      ${contentType}, ${width}, ${height}, ${bytes}, ${sha256}) as verdict`,
  );
  return verdict;
}
