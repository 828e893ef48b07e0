-- Generations, their runs and attempts. A generation is content and can be deleted; runs and attempts hold none, are
-- money's evidence, and stay. All of it changes under the account's lock (L22).

create table upload (
  id text primary key check (id like 'upl\_%'),
  account_id text not null references credit_account,
  key text not null unique,
  content_type text not null,
  bytes bigint not null check (bytes > 0),
  sha256 text not null,
  created_at timestamptz not null default now()
);
create index upload_account on upload (account_id, created_at);

create table generation (
  id text primary key check (id like 'gen\_%'),
  account_id text not null references credit_account,
  state text not null default 'queued'
    check (state in ('queued', 'running', 'succeeded', 'partial', 'refused', 'failed', 'cancelled')),
  model text not null,
  prompt text not null,
  aspect_ratio text not null,
  resolution text not null,
  count int not null check (count between 1 and 4),
  seed int,
  fallback text not null check (fallback in ('none', 'same-model', 'any-model')),
  price_per_image bigint not null check (price_per_image > 0),
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  constraint ended_when_terminal check ((state in ('queued', 'running')) = (ended_at is null))
);
create index generation_history on generation (account_id, created_at desc, id desc);

create table generation_reference (
  generation_id text not null references generation on delete cascade,
  position int not null,
  upload_id text not null references upload,
  primary key (generation_id, position)
);
create index generation_reference_upload on generation_reference (upload_id);

-- The record of a stored image: what is charged is counted here (W2). One a place, whichever run made it.
create table generation_image (
  generation_id text not null references generation on delete cascade,
  image int not null check (image between 0 and 3),
  run_id text not null,
  attempt int not null,
  original_key text not null,
  w320_key text not null,
  w1024_key text not null,
  content_type text not null,
  width int not null check (width > 0),
  height int not null check (height > 0),
  bytes bigint not null check (bytes > 0),
  sha256 text not null,
  recorded_at timestamptz not null default clock_timestamp(),
  primary key (generation_id, image)
);

-- What a key was used for and answered, refusals too; written with the run. Deleting a generation does not free it.
create table idempotency_key (
  account_id text not null references credit_account,
  key text not null,
  request_hash text not null,
  generation_id text,
  refusal text,
  created_at timestamptz not null default now(),
  primary key (account_id, key),
  constraint one_answer check ((generation_id is null) <> (refusal is null))
);
create index idempotency_key_age on idempotency_key (created_at);

-- One try at some images of a generation. Its id is its hold's and its execution's name. Price and routes are frozen
-- here. It waits in the queue until it is dispatched, and is open until it is settled, which is when its hold resolves.
create table run (
  id text primary key,
  generation_id text not null,
  account_id text not null references credit_account,
  n int not null,
  images int[] not null check (cardinality(images) between 1 and 4),
  price_per_image bigint not null check (price_per_image > 0),
  routes jsonb not null,
  request_hash text not null,
  created_at timestamptz not null default clock_timestamp(),
  dispatched_at timestamptz,
  settled_at timestamptz,
  settled_by text,
  outcome text check (outcome in ('succeeded', 'partial', 'refused', 'failed', 'cancelled')),
  recorded int,
  charged bigint,
  returned bigint,
  unique (generation_id, n),
  constraint settled_at_once check (
    num_nulls(settled_at, settled_by, outcome, recorded, charged, returned) in (0, 6)),
  constraint "W2" check (charged = recorded * price_per_image)
);
create index run_open on run (account_id, created_at) where settled_at is null;

-- One call of a provider for one image: written before the call, finished after it (W4). No content, never deleted.
create table run_attempt (
  run_id text not null references run,
  image int not null,
  n int not null check (n >= 0),
  provider text not null,
  upstream text not null,
  product text not null,
  state text not null default 'started' check (state in ('started', 'waiting', 'delivered', 'failed', 'unknown')),
  error_kind text,
  error_stage text,
  error_reason text,
  retry_after_seconds double precision,
  handle text,
  staging_key text not null,
  content_type text,
  provider_request_id text,
  -- USD micros: what was booked, and what the route costs at most (L23).
  cost_micros bigint not null default 0 check (cost_micros >= 0),
  upper_cost_micros bigint not null check (upper_cost_micros >= 0),
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  primary key (run_id, image, n),
  constraint ended_when_finished check ((state in ('started', 'waiting')) = (ended_at is null))
);

-- Objects to be removed, until the store has confirmed that they are gone (promise R6).
create table object_deletion (
  key text primary key,
  due_at timestamptz not null default now(),
  -- A Lambda that is running may write the object once more: it is removed again when none can be left.
  again_at timestamptz,
  tries int not null default 0,
  last_error text
);
create index object_deletion_due on object_deletion (due_at);

-- Whoever confirms a removal deletes its row; a row that is due again stays for that.
create function object_deletion_again() returns trigger language plpgsql as $$
begin
  update object_deletion set due_at = old.again_at, again_at = null, tries = 0, last_error = null where key = old.key;
  return null;
end $$;
create trigger object_deletion_again before delete on object_deletion
  for each row when (old.again_at is not null) execute function object_deletion_again();

grant select on generation, generation_reference, generation_image, idempotency_key, run, run_attempt to imgpilot_app;
grant select, insert, update, delete on upload, object_deletion to imgpilot_app;
