import { sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";

/** How one upstream model at one provider has been doing, from our own attempts that began in the last `hours`. */
export type RouteHealth = {
  readonly hours: number;
  readonly provider: string;
  readonly upstream: string;
  /** The catalogue's model that it was called for. */
  readonly product: string;
  /** Attempts that ended; one under way says nothing yet. */
  readonly calls: number;
  readonly delivered: number;
  /** Prompts or pictures that the provider blocked, and requests that it could not use: no fault of its own. */
  readonly blocked: number;
  readonly refused: number;
  readonly failed: number;
  /** From the call to the picture, of deliveries; null where there was none. */
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
  /** USD micros as booked, of failed ones too. For operators alone. */
  readonly spendMicros: number;
};

/** Health over the last hour and the last day, in the order of provider, model and span. */
export async function health(db: Db): Promise<RouteHealth[]> {
  const rows = await db.execute<RouteHealth>(sql`
    select span.hours, provider, upstream, product, count(*)::int as calls,
      count(*) filter (where state = 'delivered')::int as delivered,
      count(*) filter (where error_kind = 'moderated')::int as blocked,
      count(*) filter (where error_kind = 'invalid_input')::int as refused,
      count(*) filter (where state <> 'delivered' and error_kind not in ('moderated', 'invalid_input'))::int as failed,
      percentile_cont(0.5) within group (order by took.seconds) filter (where state = 'delivered') as "p50Seconds",
      percentile_cont(0.95) within group (order by took.seconds) filter (where state = 'delivered') as "p95Seconds",
      sum(cost_micros)::float8 as "spendMicros"
    from (values (1), (24)) as span (hours)
    join run_attempt on started_at >= now() - make_interval(hours => span.hours) and ended_at is not null
    cross join lateral (select extract(epoch from ended_at - started_at)::float8 as seconds) as took
    group by span.hours, provider, upstream, product
    order by provider, upstream, product, span.hours`);
  return [...rows];
}
