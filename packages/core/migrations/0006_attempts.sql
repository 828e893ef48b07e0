-- Attempts: a provider is never paid in silence (rule 5, W4). And the record of what they delivered (rule 3, W2, W5).

-- Begins attempt p_n of an image of an open run: begun; closed; exists, where there is one to answer from; exhausted,
-- where no call may be made any more: p_max were made, or one already followed an unknown.
create function attempt_begin(
  p_run text, p_image int, p_n int, p_provider text, p_upstream text, p_product text, p_upper_cost bigint,
  p_staging text, p_max int
) returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
  locked run := run_lock_open(p_run);
  last_state text;
  made int;
  earlier_unknown boolean;
begin
  if locked.id is null then
    return 'closed';
  elsif p_image <> all (locked.images) then
    raise exception 'image % is not of run %', p_image, p_run;
  end if;
  select count(*), (array_agg(state order by n desc))[1] into made, last_state
  from run_attempt where run_id = p_run and image = p_image;
  select exists (select from run_attempt where run_id = p_run and image = p_image and state = 'unknown' and n < made - 1)
  into earlier_unknown;
  if p_n < made or last_state in ('started', 'waiting', 'delivered') then
    return 'exists';
  elsif made >= p_max or earlier_unknown then
    return 'exhausted';
  elsif p_n > made then
    raise exception 'attempt % of image % of run % is not the next: % were made', p_n, p_image, p_run, made;
  end if;
  insert into run_attempt (run_id, image, n, provider, upstream, product, staging_key, upper_cost_micros)
  values (p_run, p_image, p_n, p_provider, p_upstream, p_product, p_staging, p_upper_cost);
  return 'begun';
end $$;

create function attempt_lock(p_run text, p_image int, p_n int) returns run_attempt
language plpgsql set search_path = public, pg_temp as $$
declare
  locked run := run_lock(p_run);
  known run_attempt;
begin
  select * into known from run_attempt where run_id = p_run and image = p_image and n = p_n for update;
  if locked.id is null or not found then
    raise exception 'there is no attempt % of image % of run %', p_n, p_image, p_run using errcode = 'no_data_found';
  end if;
  return known;
end $$;

-- Finishes an attempt and answers the state that stands. Nothing overwrites an unknown, which is booked as maybe paid,
-- nor a delivery that is recorded, and so charged.
create function attempt_finish(
  p_run text, p_image int, p_n int, p_state text, p_handle text, p_request text, p_content_type text, p_cost bigint,
  p_error_kind text, p_error_stage text, p_error_reason text, p_retry_after double precision
) returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
  known run_attempt := attempt_lock(p_run, p_image, p_n);
  standing text := known.state;
  allowed boolean := case standing
    when 'started' then p_state in ('waiting', 'delivered', 'failed', 'unknown')
    when 'waiting' then p_state in ('delivered', 'failed', 'unknown')
    when 'delivered' then p_state = 'failed' and not exists (
      select from generation_image where run_id = p_run and image = p_image and attempt = p_n)
    else false end;
begin
  if not allowed then
    return standing;
  end if;
  update run_attempt set
    state = p_state,
    handle = coalesce(p_handle, handle),
    provider_request_id = coalesce(p_request, provider_request_id),
    content_type = coalesce(p_content_type, content_type),
    -- Unless the provider says: a delivery and an unknown cost what the route costs, a failure what was booked before.
    cost_micros = coalesce(p_cost, case
      when standing <> 'started' and p_state <> 'unknown' then cost_micros
      when p_state = 'failed' then 0
      else upper_cost_micros end),
    error_kind = p_error_kind, error_stage = p_error_stage, error_reason = p_error_reason,
    retry_after_seconds = p_retry_after,
    ended_at = case when p_state <> 'waiting' then clock_timestamp() end
  where run_id = p_run and image = p_image and n = p_n;
  return p_state;
end $$;

-- Books an attempt that nobody can finish any more as unknown, at its upper cost; younger than p_after, it stands.
create function attempt_give_up(p_run text, p_image int, p_n int, p_after interval) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  known run_attempt := attempt_lock(p_run, p_image, p_n);
begin
  if known.state not in ('started', 'waiting') or known.started_at + p_after > clock_timestamp() then
    return known.state;
  end if;
  update run_attempt set state = 'unknown', error_kind = 'timeout', cost_micros = upper_cost_micros,
    ended_at = clock_timestamp()
  where run_id = p_run and image = p_image and n = p_n;
  return 'unknown';
end $$;

-- Records a stored image. Its own earlier record is found first, whatever has become of the hold: a step whose answer
-- was lost is not told that its image is not there. Otherwise the run must be open and the place free (rule 3).
create function image_record(
  p_run text, p_image int, p_attempt int, p_original text, p_w320 text, p_w1024 text, p_content_type text,
  p_width int, p_height int, p_bytes bigint, p_sha256 text
) returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
  locked run := run_lock(p_run);
  known generation_image;
begin
  select * into known from generation_image where generation_id = locked.generation_id and image = p_image;
  if found then
    return case when known.run_id = p_run and known.attempt = p_attempt then 'recorded' else 'refused' end;
  end if;
  locked := run_lock_open(p_run);
  if locked.id is null or p_image <> all (locked.images) or not exists (
    select from run_attempt where run_id = p_run and image = p_image and n = p_attempt and state = 'delivered')
  then
    return 'refused';
  end if;
  insert into generation_image (generation_id, image, run_id, attempt, original_key, w320_key, w1024_key, content_type,
    width, height, bytes, sha256)
  values (locked.generation_id, p_image, p_run, p_attempt, p_original, p_w320, p_w1024, p_content_type,
    p_width, p_height, p_bytes, p_sha256);
  return 'recorded';
end $$;

grant execute on function attempt_begin, attempt_finish, attempt_give_up, image_record to imgpilot_app;
