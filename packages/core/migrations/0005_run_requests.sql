-- From a request to a running execution: asked for, claimed from the queue, confirmed by the workflow.

-- A generation with its run, hold and place in the queue, or a refusal; either is the key's answer from then on (W1).
create function generation_request(
  p_generation text, p_account text, p_key text, p_hash text, p_order jsonb, p_price bigint, p_max bigint, p_routes jsonb
) returns table (status text, generation_id text, code text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  known idempotency_key;
  refusal text;
begin
  perform credit_lock(p_account);
  select * into known from idempotency_key k where k.account_id = p_account and k.key = p_key;
  if not found then
    refusal := generation_create(p_generation, p_account, p_hash, p_order, p_price, p_max, p_routes);
    insert into idempotency_key (account_id, key, request_hash, generation_id, refusal)
    values (p_account, p_key, p_hash, case when refusal is null then p_generation end, refusal);
    return query select case when refusal is null then 'created' else 'refused' end, p_generation, refusal;
  elsif known.request_hash <> p_hash then
    return query select 'key.reused', null::text, null::text;
  else
    return query select case when known.refusal is null then 'repeated' else 'refused' end, known.generation_id, known.refusal;
  end if;
end $$;

-- Answers null, or why nothing was made.
create function generation_create(
  p_generation text, p_account text, p_hash text, p_order jsonb, p_price bigint, p_max bigint, p_routes jsonb
) returns text language plpgsql set search_path = public, pg_temp as $$
declare
  amount int := (p_order ->> 'count')::int;
  run_id text := p_generation || '-1';
begin
  if p_price * amount > p_max then
    return 'price.changed';
  elsif exists (
    select from jsonb_array_elements_text(p_order -> 'references') reference
    where not exists (select from upload u where u.id = reference and u.account_id = p_account)
  ) then
    return 'reference.missing';
  elsif credit_reserve(run_id, p_account, p_price * amount, p_hash) <> 'held' then
    return 'credits.insufficient';
  end if;
  insert into generation (id, account_id, model, prompt, aspect_ratio, resolution, count, seed, fallback, price_per_image)
  values (p_generation, p_account, p_order ->> 'model', p_order ->> 'prompt', p_order ->> 'aspectRatio',
    p_order ->> 'resolution', amount, (p_order ->> 'seed')::int, p_order ->> 'fallback', p_price);
  insert into generation_reference (generation_id, position, upload_id)
  select p_generation, position, reference
  from jsonb_array_elements_text(p_order -> 'references') with ordinality listed (reference, position);
  insert into run (id, generation_id, account_id, n, images, price_per_image, routes, request_hash)
  values (run_id, p_generation, p_account, 1, array(select generate_series(0, amount - 1)), p_price, p_routes, p_hash);
  return null;
end $$;

-- A run under its account's lock; null where there is none. What was read before the lock is read again.
create function run_lock(p_run text) returns run language plpgsql set search_path = public, pg_temp as $$
declare
  found_run run;
begin
  select * into found_run from run where id = p_run;
  if found then
    perform credit_lock(found_run.account_id);
    select * into found_run from run where id = p_run for update;
  end if;
  return found_run;
end $$;

-- The one question of rule 8, asked under the locks: a run is open while its hold is held. Null where it is not.
create function run_lock_open(p_run text) returns run language plpgsql set search_path = public, pg_temp as $$
declare
  locked run := run_lock(p_run);
  hold credit_hold;
begin
  select * into hold from credit_hold where id = p_run for update;
  if locked.id is null or locked.settled_at is not null or hold.state is distinct from 'held' then
    return null;
  end if;
  return locked;
end $$;

-- Takes the next runs from the queue: accounts in turn, each with p_max_running at once (L21). The hold expires p_hold
-- after its start. Claimers take turns, since one holds the locks of many accounts: call it outside other transactions.
create function run_claim(p_limit int, p_max_running int, p_hold interval) returns setof run
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  candidate text;
  claimed run;
  moment timestamptz;
begin
  perform pg_advisory_xact_lock(hashtext('run_claim'));
  for candidate in
    select id from (
      select r.id, r.created_at, row_number() over (partition by r.account_id order by r.created_at, r.id) + (
        select count(*) from run busy
        where busy.account_id = r.account_id and busy.settled_at is null and busy.dispatched_at is not null) as turn
      from run r where r.settled_at is null and r.dispatched_at is null
    ) queue where turn <= p_max_running order by turn, created_at, id limit p_limit
  loop
    claimed := run_lock_open(candidate);
    continue when claimed.id is null;
    moment := clock_timestamp();
    update run set dispatched_at = moment where id = candidate returning * into claimed;
    update credit_hold set expires_at = moment + p_hold where id = candidate;
    update generation set state = 'running' where id = claimed.generation_id and state = 'queued';
    return next claimed;
  end loop;
end $$;

-- ReserveCredits: the workflow is the authority. It confirms the hold, or reserves where nobody did.
create function run_confirm(p_run text, p_hold interval) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  locked run := run_lock(p_run);
begin
  if locked.id is null or locked.settled_at is not null
    or not exists (select from generation where id = locked.generation_id)
    or credit_reserve(p_run, locked.account_id, locked.price_per_image * cardinality(locked.images), locked.request_hash)
      <> 'held' then
    return 'refused';
  end if;
  update credit_hold set expires_at = clock_timestamp() + p_hold where id = p_run and expires_at is null;
  return 'held';
end $$;

grant execute on function generation_request, run_claim, run_confirm to imgpilot_app;
