-- The verbs of credits. Each is one transaction's work and safe to repeat. Each locks the account first, then the hold,
-- then grants (L22). Moments are taken after the lock was got: a transaction may have waited for it (L9).

create function credit_open(p_account text) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into credit_account (account_id) values (p_account) on conflict do nothing
$$;

-- Waits for the account's lock. Every statement after it sees what others committed before.
create function credit_lock(p_account text) returns credit_account
language plpgsql set search_path = public, pg_temp as $$
declare
  locked credit_account;
begin
  select * into locked from credit_account where account_id = p_account for update;
  if not found then
    raise exception 'account % has no credits: it was never opened', p_account using errcode = 'no_data_found';
  end if;
  return locked;
end $$;

create function credit_transfer_add(
  p_account text, p_grant text, p_hold text, p_kind text, p_from text, p_to text, p_amount bigint,
  p_actor text default null, p_meta jsonb default null
) returns void language sql set search_path = public, pg_temp as $$
  insert into credit_transfer (account_id, grant_id, hold_id, kind, from_bucket, to_bucket, amount, actor, meta)
  values (p_account, p_grant, p_hold, p_kind, p_from, p_to, p_amount, p_actor, p_meta)
$$;

-- Pays debt out of what was just given or given back to a grant (L18). Answers what is left of it.
create function credit_pay_debt(p_account text, p_grant text, p_amount bigint) returns bigint
language plpgsql set search_path = public, pg_temp as $$
declare
  repaid bigint;
begin
  select least(debt, p_amount) into repaid from credit_account where account_id = p_account;
  if repaid > 0 then
    perform credit_transfer_add(p_account, p_grant, null, 'repay', 'remaining', 'consumed', repaid);
  end if;
  return p_amount - repaid;
end $$;

-- Gives credits, once per source and its reference (L20); debt is paid first (L18). A null p_valid never expires. The
-- same occasion for another account or amount is a mistake of the caller's, not a repetition.
create function credit_grant_add(
  p_grant text, p_account text, p_source text, p_source_ref text, p_category text, p_amount bigint,
  p_priority int default 50, p_valid interval default null, p_actor text default null, p_meta jsonb default null
) returns table (grant_id text, created boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  owner credit_account := credit_lock(p_account);
  known credit_grant;
  moment timestamptz := clock_timestamp();
begin
  select * into known from credit_grant g where g.source = p_source and g.source_ref = p_source_ref;
  if found and (known.account_id, known.amount) <> (p_account, p_amount) then
    raise exception 'L20: % % was granted otherwise', p_source, p_source_ref using errcode = 'unique_violation';
  elsif found then
    return query select known.id, false;
    return;
  end if;
  insert into credit_grant (id, account_id, source, source_ref, category, priority, effective_at, expires_at)
  values (p_grant, p_account, p_source, p_source_ref, p_category, p_priority, moment,
    coalesce(moment + p_valid, 'infinity'));
  perform credit_transfer_add(p_account, p_grant, null, 'grant', 'outside', 'remaining', p_amount, p_actor, p_meta);
  perform credit_pay_debt(p_account, p_grant, p_amount);
  return query select p_grant, true;
end $$;

-- What can pay now, in the order in which it does (L8). The grant that a hold is bound to pays whatever its dates say.
create function credit_usable(p_account text, p_grant text, p_moment timestamptz) returns setof credit_grant
language sql stable set search_path = public, pg_temp as $$
  select * from credit_grant
  where account_id = p_account and exhausted_at is null and remaining > 0
    and case when p_grant is null then effective_at <= p_moment and expires_at > p_moment else id = p_grant end
  order by priority, expires_at, (category = 'paid'), effective_at, id
$$;

-- What a reserve answers where the hold is there already: its state, or conflict where it was for something else (L5).
create function credit_reserve_again(known credit_hold, p_account text, p_amount bigint, p_hash text, p_grant text)
returns text language sql immutable as $$
  select case
    when known.account_id <> p_account then 'conflict'
    when known.amount = 0 then known.state -- the tombstone of a refund that came first
    when (known.amount, known.request_hash, known.grant_id) is distinct from (p_amount, p_hash, p_grant) then 'conflict'
    else known.state end
$$;

-- Sets credits aside (L5 to L9, L18). Answers held, denied, conflict, or how the hold was resolved before.
create function credit_reserve(p_hold text, p_account text, p_amount bigint, p_hash text, p_grant text default null)
returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
  owner credit_account;
  known credit_hold;
  moment timestamptz;
  usable bigint;
  due bigint := p_amount;
  lot credit_grant;
begin
  select * into known from credit_hold where id = p_hold;
  if found then
    return credit_reserve_again(known, p_account, p_amount, p_hash, p_grant);
  end if;
  owner := credit_lock(p_account);
  select * into known from credit_hold where id = p_hold for update;
  if found then
    return credit_reserve_again(known, p_account, p_amount, p_hash, p_grant);
  end if;

  moment := clock_timestamp();
  select coalesce(sum(g.remaining), 0) into usable from credit_usable(p_account, p_grant, moment) g;
  if usable - (case when p_grant is null then owner.debt else 0 end) < p_amount then
    insert into credit_hold (id, account_id, amount, state, request_hash, grant_id, resolved_at, resolved_by)
    values (p_hold, p_account, p_amount, 'denied', p_hash, p_grant, moment, 'reserve');
    return 'denied';
  end if;
  insert into credit_hold (id, account_id, amount, state, request_hash, grant_id)
  values (p_hold, p_account, p_amount, 'held', p_hash, p_grant);
  for lot in select * from credit_usable(p_account, p_grant, moment) loop
    exit when due = 0;
    perform credit_transfer_add(p_account, lot.id, p_hold, 'reserve', 'remaining', 'held', least(lot.remaining, due));
    due := due - least(lot.remaining, due);
  end loop;
  return 'held';
end $$;

-- Where a grant has expired since its credits were taken, what came back of them expires, and as much is given anew for
-- seven days: neither our failure nor a dispute that was won must cost the person credits (L11).
create function credit_lapse(
  lot credit_grant, p_hold text, p_cause text, p_amount bigint, p_moment timestamptz, p_actor text, p_meta jsonb
) returns void language plpgsql set search_path = public, pg_temp as $$
begin
  if p_amount > 0 and lot.expires_at <= p_moment then
    perform credit_transfer_add(lot.account_id, lot.id, p_hold, 'expire', 'remaining', 'expired', p_amount);
    perform credit_grant_add('grt_' || replace(gen_random_uuid()::text, '-', ''), lot.account_id, 'goodwill',
      p_cause || ' ' || lot.id, 'promo', p_amount, lot.priority, interval '7 days', p_actor,
      p_meta || jsonb_build_object('grant', lot.id));
  end if;
end $$;

-- Gives part of a hold back to the grant it came from (L10). A clawback takes its part first (L19), what returns to a
-- bound grant is withdrawn, and what returns too late is given anew (L11).
create function credit_return(hold credit_hold, p_grant text, p_back bigint, p_moment timestamptz) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  lot credit_grant;
  claimed bigint;
begin
  perform credit_transfer_add(hold.account_id, p_grant, hold.id, 'refund', 'held', 'remaining', p_back);
  select * into lot from credit_grant where id = p_grant;
  claimed := least(lot.revoke_pending, p_back);
  if claimed > 0 then
    update credit_grant set revoke_pending = revoke_pending - claimed where id = p_grant;
    perform credit_transfer_add(hold.account_id, p_grant, hold.id, 'revoke', 'remaining', 'revoked', claimed);
  end if;
  if hold.grant_id is null then
    perform credit_lapse(lot, hold.id, hold.id, p_back - claimed, p_moment, 'settle',
      jsonb_build_object('hold', hold.id));
  elsif p_back > claimed then
    perform credit_transfer_add(hold.account_id, p_grant, hold.id, 'withdraw', 'remaining', 'revoked', p_back - claimed);
  end if;
end $$;

-- Resolves a hold: p_charge is taken of its first lines, the rest goes back, last line first (L4, L10, L12, L13).
-- p_unused names the end of a hold of which nothing is taken: refunded or expired. A hold that does not exist gets its
-- tombstone. Resolved before, nothing moves (L16). Only run_settle calls this: what was recorded decides (W2).
create function credit_settle(p_hold text, p_account text, p_charge bigint, p_unused text, p_by text) returns credit_hold
language plpgsql set search_path = public, pg_temp as $$
declare
  hold credit_hold;
  moment timestamptz;
  line record;
  used bigint;
  due bigint := p_charge;
begin
  perform credit_lock(p_account);
  select * into hold from credit_hold where id = p_hold for update;
  moment := clock_timestamp();
  if not found then
    insert into credit_hold (id, account_id, amount, state, resolved_at, resolved_by)
    values (p_hold, p_account, 0, 'refunded', moment, p_by) returning * into hold;
    return hold;
  elsif hold.account_id <> p_account then
    raise exception 'hold % is not of account %', p_hold, p_account;
  elsif hold.state <> 'held' then
    return hold;
  elsif p_charge not between 0 and hold.amount then
    raise exception 'L12: % cannot be taken of hold % of %', p_charge, p_hold, hold.amount;
  end if;

  for line in select grant_id, amount from credit_transfer where hold_id = p_hold and kind = 'reserve' order by id loop
    used := least(line.amount, due);
    due := due - used;
    if used > 0 then
      perform credit_transfer_add(p_account, line.grant_id, p_hold, 'commit', 'held', 'consumed', used);
    end if;
    if line.amount > used then
      perform credit_return(hold, line.grant_id, line.amount - used, moment);
    end if;
    perform credit_claim_debt(p_account, line.grant_id, p_hold);
  end loop;
  update credit_hold set charged = p_charge, returned = amount - p_charge, resolved_at = moment, resolved_by = p_by,
    state = case when p_charge > 0 then 'committed' else p_unused end
  where id = p_hold returning * into hold;
  return hold;
end $$;

-- What a clawback waited for and was used in the end is owed (L18, L19): it can wait for no more than is held.
create function credit_claim_debt(p_account text, p_grant text, p_hold text) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  used bigint;
begin
  select revoke_pending - held into used from credit_grant where id = p_grant;
  if used > 0 then
    update credit_grant set revoke_pending = revoke_pending - used where id = p_grant;
    perform credit_transfer_add(p_account, p_grant, p_hold, 'owe', 'consumed', 'revoked', used);
  end if;
end $$;

-- What events have claimed of a grant, what was reinstated taken off (L19).
create function credit_claimed(p_grant text) returns bigint language sql stable set search_path = public, pg_temp as $$
  select coalesce(sum(case kind when 'reinstate' then -1 else 1 end
    * (from_remaining + from_held + from_expired + from_consumed)), 0)::bigint
  from credit_claim where grant_id = p_grant and kind <> 'adjust'
$$;

-- Moves what is left in the expired grants of one account. What is held stays held: it may still be committed (L11).
create function credit_expire(p_account text) returns int
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  lot credit_grant;
  expired int := 0;
begin
  perform credit_lock(p_account);
  for lot in
    select * from credit_grant
    where account_id = p_account and exhausted_at is null and remaining > 0 and expires_at <= clock_timestamp()
    order by id
  loop
    perform credit_transfer_add(p_account, lot.id, null, 'expire', 'remaining', 'expired', lot.remaining);
    expired := expired + 1;
  end loop;
  return expired;
end $$;

grant execute on function credit_open, credit_grant_add, credit_reserve, credit_expire to imgpilot_app;
