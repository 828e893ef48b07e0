import { Credits } from "@imgpilot/core/credits";
import type { Lane } from "./lane.ts";

type HoldState = "held" | "denied" | "committed" | "refunded" | "expired";
export type RunRow = {
  readonly id: string;
  readonly generation_id: string;
  readonly account_id: string;
  readonly price_per_image: number;
  readonly images: readonly number[];
  readonly open: boolean;
  readonly settled_by: string | null;
  readonly settled: number | null;
  readonly dispatched: number | null;
  readonly outcome: string | null;
  readonly recorded: number | null;
  readonly charged: number | null;
  readonly returned: number | null;
  readonly hold: HoldState;
  readonly held: number;
};
type AttemptRow = {
  readonly run_id: string;
  readonly image: number;
  readonly n: number;
  readonly provider: string;
  readonly state: "started" | "waiting" | "delivered" | "failed" | "unknown";
  readonly cost_micros: number;
  readonly staging_key: string;
  readonly handle: string | null;
  readonly error_kind: string | null;
  /** Seconds since 1970, as every moment here. */
  readonly started: number;
};
type ImageRow = {
  readonly generation_id: string;
  readonly run_id: string;
  readonly image: number;
  readonly attempt: number;
  readonly keys: readonly string[];
  readonly sha256: string;
};

/** All that the books say about some accounts, in one snapshot. */
export type Books = {
  readonly granted: number;
  readonly available: number;
  readonly held: number;
  readonly consumed: number;
  readonly holds: number;
  readonly generations: readonly { id: string; state: string }[];
  readonly runs: readonly RunRow[];
  readonly attempts: readonly AttemptRow[];
  readonly images: readonly ImageRow[];
  /** Keys of objects that are queued for deletion. */
  readonly deletions: readonly string[];
};

export async function booksOf(lane: Lane, accounts: readonly string[]): Promise<Books> {
  const [row] = await lane.owner<{ books: Books }[]>`
    with mine as materialized (select * from run where account_id = any (${accounts as string[]})),
      lots as (select * from credit_grant where account_id = any (${accounts as string[]}))
    select jsonb_build_object(
      'granted', (select sum(amount) from lots), 'available', (select sum(remaining) from lots),
      'held', (select sum(held) from lots), 'consumed', (select sum(consumed) from lots),
      'holds', (select count(*) from credit_hold where account_id = any (${accounts as string[]}) and state = 'held'),
      'generations', (select coalesce(jsonb_agg(jsonb_build_object('id', id, 'state', state)), '[]')
        from generation where account_id = any (${accounts as string[]})),
      'runs', (select coalesce(jsonb_agg(to_jsonb(r) - 'routes' || jsonb_build_object('open', settled_at is null,
          'hold', h.state, 'held', h.amount, 'settled', extract(epoch from settled_at),
          'dispatched', extract(epoch from dispatched_at)) order by r.id), '[]')
        from mine r join credit_hold h using (id)),
      'attempts', (select coalesce(jsonb_agg(to_jsonb(a) || jsonb_build_object(
          'started', extract(epoch from started_at)) order by run_id, image, n), '[]')
        from run_attempt a where run_id in (select id from mine)),
      'images', (select coalesce(jsonb_agg(to_jsonb(i) || jsonb_build_object(
          'keys', array[original_key, w320_key, w1024_key])), '[]')
        from generation_image i where run_id in (select id from mine)),
      'deletions', (select coalesce(jsonb_agg(key), '[]') from object_deletion
        where split_part(key, '/', 2) in (select id from mine))) as books`;
  if (!row) throw new Error("the books are empty");
  return row.books;
}

export type Finding = { readonly invariant: string; readonly subject: string; readonly detail: string };

/** The invariant query, over everything that was played since the last wipe. */
export const audit = (lane: Lane): Promise<Finding[]> => Credits.audit(lane.db);
