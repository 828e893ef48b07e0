-- One verb settles (rule 2): the workflow, the nets, cancel and DELETE all call run_settle, and what was recorded
-- decides. The first call resolves the hold, every later one finds the same answer.

create function run_settle(p_run text, p_by text) returns run
language plpgsql set search_path = public, pg_temp as $$
declare
  settled run := run_lock(p_run);
  hold credit_hold;
  stored int;
  unused text;
begin
  if settled.id is null or settled.settled_at is not null then
    return settled;
  end if;
  select count(*) into stored from generation_image
  where generation_id = settled.generation_id and run_id = p_run;
  select case when p_by = 'sweeper' and expires_at <= clock_timestamp() then 'expired' else 'refunded' end
  into unused from credit_hold where id = p_run;
  hold := credit_settle(p_run, settled.account_id, stored * settled.price_per_image, coalesce(unused, 'refunded'), p_by);
  update run set settled_at = clock_timestamp(), settled_by = p_by, recorded = stored, charged = hold.charged,
    returned = hold.returned,
    outcome = case when hold.state = 'denied' then 'refused' else run_outcome(settled, stored, p_by) end
  where id = p_run returning * into settled;
  perform run_queue_objects(p_run);
  perform generation_conclude(settled);
  return settled;
end $$;

-- What callers are told: no row where there never was such a run.
create function run_settlement(p_run text, p_by text)
returns table (outcome text, charged bigint, returned bigint, hold text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  settled run := run_settle(p_run, p_by);
begin
  return query select settled.outcome, settled.charged, settled.returned, h.state from credit_hold h where h.id = settled.id;
end $$;

-- How a run ended. A person's own stop is no failure, and neither is an order that the providers may not draw.
create function run_outcome(ended run, stored int, p_by text) returns text
language sql stable set search_path = public, pg_temp as $$
  select case
    when stored = cardinality(ended.images) then 'succeeded'
    when p_by in ('cancel', 'delete') then 'cancelled'
    when stored > 0 then 'partial'
    when (
      select bool_and(coalesce(last.state = 'failed' and last.error_kind in ('moderated', 'invalid_input'), false))
      from unnest(ended.images) wanted (image)
      left join lateral (
        select state, error_kind from run_attempt a
        where a.run_id = ended.id and a.image = wanted.image order by n desc limit 1) last on true
    ) then 'refused'
    else 'failed' end
$$;

-- The generation's state, from all of its runs; unchanged while another is open.
create function generation_conclude(settled run) returns void language plpgsql set search_path = public, pg_temp as $$
declare
  stored int;
begin
  if exists (select from run where generation_id = settled.generation_id and settled_at is null) then
    return;
  end if;
  select count(*) into stored from generation_image where generation_id = settled.generation_id;
  update generation set ended_at = settled.settled_at, state = case
    when stored = count then 'succeeded'
    when settled.outcome = 'cancelled' then 'cancelled'
    when stored > 0 then 'partial'
    else settled.outcome end
  where id = settled.generation_id;
end $$;

-- Every object that the run may have written and that is not recorded goes an hour later, when no Lambda can write any
-- more; what the extension of an original would have been is not known, so each is asked for.
create function run_queue_objects(p_run text) returns void language sql set search_path = public, pg_temp as $$
  insert into object_deletion (key, due_at)
  select key, clock_timestamp() + interval '1 hour'
  from run_attempt a
  cross join lateral (select format('images/%s/%s/%s/', a.run_id, a.image, a.n) as folder) f
  cross join lateral (
    select a.staging_key as key
    union all
    select folder || name
    from unnest(array['original.png', 'original.jpg', 'original.webp', 'w320.webp', 'w1024.webp']) name
    where not exists (
      select from generation_image i where i.run_id = a.run_id and i.image = a.image and i.attempt = a.n)
  ) keys
  where a.run_id = p_run
  on conflict do nothing
$$;

-- Settles what is open of a generation; answers whose executions are to be stopped, the same when asked again.
create function generation_stop(p_generation text, p_by text) returns text[]
language plpgsql set search_path = public, pg_temp as $$
declare
  open_run text;
begin
  for open_run in select id from run where generation_id = p_generation and settled_at is null order by n loop
    perform run_settle(open_run, p_by);
  end loop;
  return array(
    select id from run
    where generation_id = p_generation and dispatched_at is not null and settled_by in ('cancel', 'delete') order by n);
end $$;

-- Cancel: what was recorded is kept and charged, the rest comes back. Null where the account has no such generation.
create function generation_cancel(p_generation text, p_account text) returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  perform credit_lock(p_account);
  if not exists (select from generation where id = p_generation and account_id = p_account) then
    return null;
  end if;
  return generation_stop(p_generation, 'cancel');
end $$;

-- DELETE: settles, removes the rows and queues the objects, now and again an hour later, in one transaction (rule 8,
-- promise R6). References go with it unless another generation uses them. Runs, attempts, journal and key stay.
create function generation_remove(p_generation text, p_account text) returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  stopped text[];
  uploads text[];
  keys text[];
begin
  perform credit_lock(p_account);
  if not exists (select from generation where id = p_generation and account_id = p_account) then
    return null;
  end if;
  stopped := generation_stop(p_generation, 'delete');
  select array_agg(key) into keys from generation_image i
  cross join lateral unnest(array[i.original_key, i.w320_key, i.w1024_key]) key where i.generation_id = p_generation;
  select array_agg(upload_id) into uploads from generation_reference where generation_id = p_generation;
  delete from generation where id = p_generation;
  with removed as (
    delete from upload u where u.id = any (uploads)
      and not exists (select from generation_reference r where r.upload_id = u.id)
    returning u.key
  )
  insert into object_deletion (key, due_at, again_at)
  select key, clock_timestamp(), clock_timestamp() + interval '1 hour'
  from (select unnest(keys) as key union select key from removed) gone
  on conflict (key) do update set due_at = excluded.due_at, again_at = excluded.again_at;
  return stopped;
end $$;

grant execute on function run_settlement, generation_cancel, generation_remove to imgpilot_app;
