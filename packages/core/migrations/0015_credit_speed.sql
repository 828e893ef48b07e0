-- The same rules at about half the cost. Postgres reads the stored tree of every CHECK of a table, and of every WHEN of its
-- triggers, anew in each statement that writes to it: of a reserve or a settlement that was a third to a half of the time.
-- A rule inside a PL/pgSQL function is read once a connection, so the long ones move into functions; their names, and what
-- they refuse, stay. `npm run bench -- ledger` shows what it costs.

create function credit_path_is_known(kind text, origin text, target text) returns boolean
language plpgsql immutable as $$
begin
  return (kind, origin, target) in (
    ('grant', 'outside', 'remaining'),
    ('repay', 'remaining', 'consumed'),
    ('reserve', 'remaining', 'held'),
    ('commit', 'held', 'consumed'),
    ('refund', 'held', 'remaining'),
    ('expire', 'remaining', 'expired'),
    ('revoke', 'remaining', 'revoked'),
    ('revoke', 'expired', 'revoked'),
    ('owe', 'consumed', 'revoked'),
    ('reinstate', 'revoked', 'remaining'),
    ('reinstate', 'revoked', 'expired'),
    ('withdraw', 'remaining', 'revoked'),
    ('adjust', 'remaining', 'revoked'));
end $$;

create function credit_transfer_says_why(kind text, actor text, meta jsonb) returns boolean
language plpgsql immutable as $$
begin
  return kind <> 'adjust' or (actor <> '' and meta ->> 'reason' <> '') is true;
end $$;

alter table credit_transfer
  drop constraint "L3",
  drop constraint "L24",
  add constraint "L3" check (credit_path_is_known(kind, from_bucket, to_bucket)),
  add constraint "L24" check (credit_transfer_says_why(kind, actor, meta));

-- No other state than these, so that this is also the check of the states.
create function credit_hold_adds_up(state text, amount bigint, charged bigint, returned bigint) returns boolean
language plpgsql immutable as $$
begin
  return case state
    when 'committed' then charged > 0 and charged + returned = amount
    when 'held' then charged = 0 and returned = 0
    when 'denied' then charged = 0 and returned = 0
    when 'refunded' then charged = 0 and returned = amount
    when 'expired' then charged = 0 and returned = amount
    else false end;
end $$;

alter table credit_hold
  drop constraint "L12",
  drop constraint credit_hold_state_check,
  add constraint "L12" check (credit_hold_adds_up(state, amount, charged, returned));

create function credit_hold_resolves_once() returns trigger language plpgsql as $$
begin
  if old.state <> 'held' then
    raise exception 'L4: a resolved hold never changes' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create function credit_hold_keeps_its_terms() returns trigger language plpgsql as $$
begin
  if (old.id, old.account_id, old.amount, old.request_hash, old.grant_id)
      is distinct from (new.id, new.account_id, new.amount, new.request_hash, new.grant_id) then
    raise exception 'L5: the terms of a hold never change' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;

create or replace trigger credit_hold_resolves_once before update on credit_hold
  for each row execute function credit_hold_resolves_once();
create or replace trigger credit_hold_keeps_its_terms before update on credit_hold
  for each row execute function credit_hold_keeps_its_terms();

create function credit_grant_is_sound(
  category text, consumed bigint, expired bigint, revoked bigint, revoke_pending bigint, left_over bigint, exhausted timestamptz
) returns boolean language plpgsql immutable as $$
begin
  return category in ('promo', 'paid') and least(consumed, expired, revoked, revoke_pending) >= 0
    and (exhausted is null or left_over = 0);
end $$;

alter table credit_grant
  drop constraint credit_grant_category_check,
  drop constraint credit_grant_consumed_check,
  drop constraint credit_grant_expired_check,
  drop constraint credit_grant_revoked_check,
  drop constraint credit_grant_revoke_pending_check,
  drop constraint exhausted_has_nothing,
  add constraint credit_grant_is_sound check (credit_grant_is_sound(
    category, consumed, expired, revoked, revoke_pending, remaining + held, exhausted_at));

-- These run inside verbs alone, which have set the path already; setting it again costs each call.
alter function credit_lock reset search_path;
alter function credit_transfer_add reset search_path;
alter function credit_usable reset search_path;
alter function credit_return reset search_path;
alter function credit_claim_debt reset search_path;
alter function credit_transfer_move reset search_path;
alter function credit_transfer_chain reset search_path;
alter function credit_chain reset search_path;
