import type { AspectRatio, Resolution } from "@imgpilot/contract/catalogue";
import type { GenerationState, Order } from "@imgpilot/contract/generations";
import { type SQL, sql } from "drizzle-orm";
import type { Db } from "../db/index.ts";
import type { AttemptRow, RunRoute } from "../runs/index.ts";
import type { RunOutcome } from "../runs/workflow.ts";

/** A stored image, as it was recorded. */
export type RecordedImage = {
  image: number;
  runId: string;
  attempt: number;
  keys: { original: string; w320: string; w1024: string };
  contentType: string;
  width: number;
  height: number;
  bytes: number;
  share: { id: string; listed: boolean } | null;
};

export type RunFacts = {
  id: string;
  /** From 1; a refused try at another leaves a gap. */
  n: number;
  /** Whether an operator's grant pays for it, and not the person. */
  isGoodwill: boolean;
  images: number[];
  routes: RunRoute[];
  held: number;
  charged: number | null;
  returned: number | null;
  settledAt: string | null;
  outcome: RunOutcome | null;
  attempts: (AttemptRow & { image: number })[];
};

/** Everything about one generation, read in one statement so that it is of one moment. Times are RFC 3339. */
export type GenerationFacts = {
  id: string;
  state: GenerationState;
  model: string;
  prompt: string;
  aspectRatio: AspectRatio;
  resolution: Resolution;
  count: number;
  seed: number | null;
  fallback: Order["fallback"];
  pricePerImage: number;
  createdAt: string;
  endedAt: string | null;
  references: string[];
  images: RecordedImage[];
  /** In the order in which they were made. */
  runs: RunFacts[];
  /** Where this one is in its account's history. */
  position: string;
};

/** The generations of `which`, newest first. */
export async function readFacts(db: Db, which: SQL, limit: number): Promise<GenerationFacts[]> {
  const rows = await db.execute<{ facts: GenerationFacts }>(sql`
    select jsonb_build_object(
      'id', id, 'state', state, 'model', model, 'prompt', prompt, 'aspectRatio', aspect_ratio, 'resolution', resolution,
      'count', count, 'seed', seed, 'fallback', fallback, 'pricePerImage', price_per_image, 'createdAt', created_at,
      'endedAt', ended_at, 'references', ${REFERENCES}, 'images', ${IMAGES}, 'runs', ${RUNS},
      'position', (extract(epoch from created_at) * 1000000)::bigint || '-' || id) as facts
    from generation g where ${which} order by created_at desc, id desc limit ${limit}`);
  return [...rows].map(({ facts }) => facts);
}

const REFERENCES = sql`(
  select coalesce(jsonb_agg(upload_id order by position), '[]') from generation_reference where generation_id = g.id)`;

const SHARE = sql`(
  select jsonb_build_object('id', s.id, 'listed', s.listed) from share s
  where s.generation_id = i.generation_id and s.image = i.image and s.revoked_at is null)`;

const IMAGES = sql`(
  select coalesce(jsonb_agg(jsonb_build_object(
    'image', image, 'runId', run_id, 'attempt', attempt, 'contentType', content_type, 'width', width, 'height', height,
    'bytes', bytes, 'share', ${SHARE}, 'keys', jsonb_build_object('original', original_key, 'w320', w320_key, 'w1024', w1024_key))), '[]')
  from generation_image i where generation_id = g.id)`;

/** A call that is under way, or whose Lambda died in it, may cost what the route does. */
const ATTEMPTS = sql`(
  select coalesce(jsonb_agg(jsonb_build_object(
    'image', image, 'n', n, 'provider', provider, 'upstream', upstream, 'product', product, 'state', state,
    'errorKind', error_kind, 'errorStage', error_stage, 'errorReason', error_reason,
    'retryAfterSeconds', retry_after_seconds, 'handle', null, 'stagingKey', staging_key, 'contentType', content_type,
    'providerRequestId', provider_request_id, 'costMicros', case state when 'started' then upper_cost_micros else cost_micros end, 'startedAt', started_at, 'endedAt', ended_at,
    'ageSeconds', extract(epoch from clock_timestamp() - started_at)) order by image, n), '[]')
  from run_attempt where run_id = r.id)`;

const RUNS = sql`(
  select coalesce(jsonb_agg(jsonb_build_object(
    'id', r.id, 'n', r.n, 'isGoodwill', h.grant_id is not null, 'images', to_jsonb(r.images), 'routes', r.routes, 'held', h.amount, 'charged', r.charged,
    'returned', r.returned, 'settledAt', r.settled_at, 'outcome', r.outcome, 'attempts', ${ATTEMPTS}) order by r.n), '[]')
  from run r join credit_hold h on h.id = r.id where r.generation_id = g.id)`;
