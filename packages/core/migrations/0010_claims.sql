-- What providers of payment report later: refunds, disputes, disputes that were won (L19, promise B3). Amounts are
-- credits; what money they stand for is the caller's to know. Each event acts once and is answered the same for ever.
-- Events that come before what they are about are answered no row, and are to be told again.

-- The grant of a payment, under its account's lock; null where there is none. What is past its time expires first, so
-- that what a claim finds does not hang on when that job came by.
create function credit_grant_lock(p_source text, p_source_ref text) returns credit_grant
language plpgsql set search_path = public, pg_temp as $$
declare
  lot credit_grant;
begin
  select * into lot from credit_grant where source = p_source and source_ref = p_source_ref;
  if found then
    perform credit_expire(lot.account_id);
    select * into lot from credit_grant where id = lot.id;
  end if;
  return lot;
end $$;

-- What the event did before, if it did; the same event about anything else is a conflict (L5). Ask under the lock.
create function credit_claim_again(
  p_event text, p_account text, p_grant text, p_kind text, p_asked bigint, p_reverses text default null
) returns credit_claim language plpgsql set search_path = public, pg_temp as $$
declare
  known credit_claim;
begin
  select * into known from credit_claim where event_id = p_event;
  if found and (known.account_id, known.kind, known.asked, known.reverses) is distinct from
      (p_account, p_kind, p_asked, p_reverses) or known.grant_id <> p_grant then
    raise exception 'L5: event % was about something else', p_event using errcode = 'unique_violation';
  end if;
  return known;
end $$;

-- Takes what a refund or a lost dispute has reversed of a payment so far, less what is claimed already, never more than
-- the grant: first what is left, then what is held, once it comes back; then what had expired, which costs nobody
-- anything; and what was used is owed (L18).
create function credit_clawback(p_source text, p_source_ref text, p_cumulative bigint, p_event text)
returns setof credit_claim language plpgsql security definer set search_path = public, pg_temp as $$
declare
  lot credit_grant := credit_grant_lock(p_source, p_source_ref);
  claim credit_claim;
  due bigint;
begin
  if lot.id is null then
    return;
  end if;
  claim := credit_claim_again(p_event, lot.account_id, lot.id, 'clawback', p_cumulative);
  if claim.event_id is null then
    due := greatest(least(p_cumulative, lot.amount) - credit_claimed(lot.id), 0);
    insert into credit_claim
      (event_id, account_id, grant_id, kind, asked, from_remaining, from_held, from_expired, from_consumed)
    select p_event, lot.account_id, lot.id, 'clawback', p_cumulative, r, h, e, least(due - r - h - e, lot.consumed)
    from least(due, lot.remaining) r
    cross join lateral least(due - r, lot.held - lot.revoke_pending) h
    cross join lateral least(due - r - h, lot.expired) e
    returning * into claim;
    perform credit_claim_move(claim);
  end if;
  return next claim;
end $$;

-- Takes back what is left of a purchase, and never more: a voluntary refund, a withdrawal from the contract, or the
-- freeze while a dispute is open (promises B3 and B5). Held credits are being spent; null is all that is left.
create function credit_refund_unspent(p_source text, p_source_ref text, p_limit bigint, p_event text)
returns setof credit_claim language plpgsql security definer set search_path = public, pg_temp as $$
declare
  lot credit_grant := credit_grant_lock(p_source, p_source_ref);
  claim credit_claim;
begin
  if lot.id is null then
    return;
  end if;
  claim := credit_claim_again(p_event, lot.account_id, lot.id, 'unspent', coalesce(p_limit, lot.amount));
  if claim.event_id is null then
    insert into credit_claim (event_id, account_id, grant_id, kind, asked, from_remaining)
    values (p_event, lot.account_id, lot.id, 'unspent', coalesce(p_limit, lot.amount), least(p_limit, lot.remaining))
    returning * into claim;
    perform credit_claim_move(claim);
  end if;
  return next claim;
end $$;

create function credit_claim_move(claim credit_claim) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  lot text := claim.grant_id;
  why jsonb := jsonb_build_object('event', claim.event_id);
begin
  if claim.from_held > 0 then
    update credit_grant set revoke_pending = revoke_pending + claim.from_held where id = lot;
  end if;
  insert into credit_transfer (account_id, grant_id, kind, from_bucket, to_bucket, amount, meta)
  select claim.account_id, lot, kind, bucket, 'revoked', taken, why
  from (values
    ('revoke', 'remaining', claim.from_remaining),
    ('revoke', 'expired', claim.from_expired),
    ('owe', 'consumed', claim.from_consumed)) moves (kind, bucket, taken)
  where taken > 0;
end $$;

-- Gives back what an earlier claim took, in its credits, all of it unless less is asked for: money that was withdrawn
-- for a dispute is not lost. What still waits for a hold is let go first; what had expired when it was claimed comes
-- back last, as expired. What comes back pays debt first (L18) and does not come back too late (L11).
create function credit_reinstate(p_claim text, p_limit bigint, p_event text)
returns setof credit_claim language plpgsql security definer set search_path = public, pg_temp as $$
declare
  reversed credit_claim;
  claim credit_claim;
  lot credit_grant;
  asked bigint;
  back bigint;
  waiting bigint;
  given bigint;
begin
  select * into reversed from credit_claim where event_id = p_claim and kind in ('clawback', 'unspent');
  if not found then
    return;
  end if;
  perform credit_lock(reversed.account_id);
  asked := coalesce(p_limit, credit_claim_left(reversed, false));
  claim := credit_claim_again(p_event, reversed.account_id, reversed.grant_id, 'reinstate', asked, p_claim);
  if claim.event_id is null then
    select * into lot from credit_grant where id = reversed.grant_id;
    back := least(asked, credit_claim_left(reversed, true));
    waiting := least(back, lot.revoke_pending);
    given := least(back - waiting, credit_claimed(lot.id) - lot.revoke_pending - credit_claimed_expired(lot.id));
    insert into credit_claim
      (event_id, account_id, grant_id, kind, reverses, asked, from_remaining, from_held, from_expired)
    values (p_event, lot.account_id, lot.id, 'reinstate', p_claim, asked, given, waiting, back - waiting - given)
    returning * into claim;
    perform credit_claim_undo(claim);
  end if;
  return next claim;
end $$;

-- All that the claim took, or what of it was not given back yet.
create function credit_claim_left(claim credit_claim, p_net boolean) returns bigint
language sql stable set search_path = public, pg_temp as $$
  select claim.from_remaining + claim.from_held + claim.from_expired + claim.from_consumed - case when p_net then (
    select coalesce(sum(from_remaining + from_held + from_expired), 0)
    from credit_claim where reverses = claim.event_id) else 0 end
$$;

-- What claims have taken of a grant's expired part, and was not given back.
create function credit_claimed_expired(p_grant text) returns bigint
language sql stable set search_path = public, pg_temp as $$
  select coalesce(sum(case kind when 'reinstate' then -from_expired else from_expired end), 0)::bigint
  from credit_claim where grant_id = p_grant
$$;

create function credit_claim_undo(claim credit_claim) returns void
language plpgsql set search_path = public, pg_temp as $$
declare
  lot credit_grant;
  why jsonb := jsonb_build_object('event', claim.event_id);
begin
  update credit_grant set revoke_pending = revoke_pending - claim.from_held where id = claim.grant_id returning * into lot;
  insert into credit_transfer (account_id, grant_id, kind, from_bucket, to_bucket, amount, meta)
  select claim.account_id, lot.id, 'reinstate', 'revoked', bucket, given, why
  from (values ('remaining', claim.from_remaining), ('expired', claim.from_expired)) moves (bucket, given)
  where given > 0;
  if claim.from_remaining > 0 then
    perform credit_lapse(lot, null, claim.event_id, credit_pay_debt(claim.account_id, lot.id, claim.from_remaining),
      clock_timestamp(), 'reinstate', why);
  end if;
end $$;

grant execute on function credit_clawback, credit_refund_unspent, credit_reinstate to imgpilot_app;
