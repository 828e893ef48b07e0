-- Drawing images again (rule 12): a new run of the same generation, with a hold of its own. A person pays for it when
-- they ask themselves; what an operator runs again is paid by goodwill, and never by the person.

-- An operator's run: who, why, and the key by which it is made once.
alter table run
  add column actor text,
  add column reason text,
  add column again_key text unique,
  add constraint "L24" check (num_nulls(actor, reason, again_key) in (0, 3) and (actor <> '' and reason <> '') is not false);

-- Why images of a generation cannot be drawn again, or null. Ask under the account's lock.
create function run_again_refusal(p_generation text, p_account text, p_images int[]) returns text
language sql stable set search_path = public, pg_temp as $$
  select case
    when not exists (select from generation where id = p_generation and account_id = p_account)
      then 'generation.missing'
    when exists (select from generation g, unnest(p_images) image where g.id = p_generation and image >= g.count)
      then 'image.missing'
    when exists (select from generation_image where generation_id = p_generation and image = any (p_images))
      then 'image.done'
    when exists (select from run where generation_id = p_generation and settled_at is null and images && p_images)
      then 'image.running' end
$$;

-- The next run of a generation with its hold and place in the queue; its id, or null where credits are short. What was
-- denied before keeps its id (L6), so that one is passed over.
create function run_again(
  p_generation text, p_account text, p_images int[], p_price bigint, p_routes jsonb, p_hash text, p_grant text
) returns text language plpgsql set search_path = public, pg_temp as $$
declare
  number int;
  run_id text;
begin
  select max(r.n) + 1 into number from run r where r.generation_id = p_generation;
  while exists (select from credit_hold where id = p_generation || '-' || number) loop
    number := number + 1;
  end loop;
  run_id := p_generation || '-' || number;
  if credit_reserve(run_id, p_account, p_price * cardinality(p_images), p_hash, p_grant) <> 'held' then
    return null;
  end if;
  insert into run (id, generation_id, account_id, n, images, price_per_image, routes, request_hash)
  values (run_id, p_generation, p_account, number, p_images, p_price, p_routes, p_hash);
  update generation set state = 'queued', ended_at = null where id = p_generation and ended_at is not null;
  return run_id;
end $$;

-- A person has one image drawn again, or a refusal; either is the key's answer from then on (W1).
create function generation_retry(
  p_generation text, p_account text, p_image int, p_key text, p_hash text, p_price bigint, p_max bigint, p_routes jsonb
) returns table (status text, generation_id text, code text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  known idempotency_key;
  refusal text;
begin
  perform credit_lock(p_account);
  select * into known from idempotency_key k where k.account_id = p_account and k.key = p_key;
  if found and known.request_hash <> p_hash then
    return query select 'key.reused', null::text, null::text;
    return;
  elsif found then
    return query select case when known.refusal is null then 'repeated' else 'refused' end, known.generation_id, known.refusal;
    return;
  end if;
  refusal := case when p_price > p_max then 'price.changed'
    else run_again_refusal(p_generation, p_account, array[p_image]) end;
  if refusal is null and run_again(p_generation, p_account, array[p_image], p_price, p_routes, p_hash, null) is null then
    refusal := 'credits.insufficient';
  end if;
  insert into idempotency_key (account_id, key, request_hash, generation_id, refusal)
  values (p_account, p_key, p_hash, case when refusal is null then p_generation end, refusal);
  return query select case when refusal is null then 'created' else 'refused' end, p_generation, refusal;
end $$;

-- An operator has every image drawn again that is not there. Goodwill of seven days is given in the same transaction;
-- the hold draws on it alone, and what comes back to it is withdrawn. It pays no debt: it is not the person's to spend.
create function generation_run_again(
  p_generation text, p_key text, p_price bigint, p_routes jsonb, p_grant text, p_actor text, p_reason text
) returns table (status text, run_id text, code text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  owner text;
  known run;
  missing int[];
  refusal text;
  made text;
begin
  select g.account_id into owner from generation g where g.id = p_generation;
  if not found then
    return query select 'refused', null::text, 'generation.missing';
    return;
  end if;
  perform credit_lock(owner);
  select * into known from run r where r.again_key = p_key;
  if found then
    return query select case when known.generation_id = p_generation then 'repeated' else 'key.reused' end, known.id, null::text;
    return;
  end if;
  select coalesce(array_agg(image order by image), '{}') into missing
  from generation g cross join generate_series(0, g.count - 1) image
  where g.id = p_generation and not exists (
    select from generation_image i where i.generation_id = p_generation and i.image = image.image);
  refusal := case when missing = '{}' then 'image.done' else run_again_refusal(p_generation, owner, missing) end;
  if refusal is not null then
    return query select 'refused', null::text, refusal;
    return;
  end if;
  insert into credit_grant (id, account_id, source, source_ref, category, expires_at)
  values (p_grant, owner, 'goodwill', 'run again ' || p_key, 'promo', clock_timestamp() + interval '7 days');
  perform credit_transfer_add(owner, p_grant, null, 'grant', 'outside', 'remaining', p_price * cardinality(missing),
    p_actor, jsonb_build_object('generation', p_generation, 'reason', p_reason));
  made := run_again(p_generation, owner, missing, p_price, p_routes, p_key, p_grant);
  update run set actor = p_actor, reason = p_reason, again_key = p_key where id = made;
  return query select 'created', made, null::text;
end $$;

-- The grant that a hold was bound to is one of its terms: asked for without it, an operator's run would be refused.
create or replace function run_confirm(p_run text, p_hold interval) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  locked run := run_lock(p_run);
begin
  if locked.id is null or locked.settled_at is not null
    or not exists (select from generation where id = locked.generation_id)
    or credit_reserve(p_run, locked.account_id, locked.price_per_image * cardinality(locked.images), locked.request_hash,
      (select grant_id from credit_hold where id = p_run)) <> 'held' then
    return 'refused';
  end if;
  update credit_hold set expires_at = clock_timestamp() + p_hold where id = p_run and expires_at is null;
  return 'held';
end $$;

-- The generation's state, from all of its runs; unchanged while another is open. Where nothing is stored, each image
-- ended as its last run did: the generation is refused where all of them were.
create or replace function generation_conclude(settled run) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  stored int;
begin
  if exists (select from run where generation_id = settled.generation_id and settled_at is null) then
    return;
  end if;
  select count(*) into stored from generation_image where generation_id = settled.generation_id;
  update generation g set ended_at = settled.settled_at, state = case
    when stored = g.count then 'succeeded'
    when settled.outcome = 'cancelled' then 'cancelled'
    when stored > 0 then 'partial'
    when (
      select bool_and(last.outcome = 'refused')
      from generate_series(0, g.count - 1) image
      cross join lateral (
        select outcome from run r where r.generation_id = g.id and image = any (r.images) order by r.n desc limit 1) last
    ) then 'refused'
    else 'failed' end
  where g.id = settled.generation_id;
end $$;

grant execute on function generation_retry, generation_run_again to imgpilot_app;
