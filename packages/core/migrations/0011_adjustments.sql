-- What people of the company decide, each with who and why (L24). An actor is a role or a random id, never a name: the
-- owner of the account reads the journal.

-- Gives credits, or takes what is left, in the order in which it would be spent, and never more: an adjustment makes no
-- debt (L18). Answers what was given or, below nothing, taken; the same when told again.
create function credit_adjust(
  p_grant text, p_account text, p_amount bigint, p_actor text, p_reason text, p_event text, p_valid interval default null
) returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
declare
  why jsonb := jsonb_build_object('event', p_event, 'reason', p_reason);
  claim credit_claim;
  lot credit_grant;
  due bigint := -p_amount;
begin
  perform credit_lock(p_account);
  claim := credit_claim_again(p_event, p_account, null, 'adjust', p_amount);
  if claim.event_id is null and p_amount > 0 then
    perform credit_grant_add(p_grant, p_account, 'adjustment', p_event, 'promo', p_amount, 50, p_valid, p_actor, why);
  elsif claim.event_id is null then
    for lot in select * from credit_usable(p_account, null, clock_timestamp()) loop
      exit when due <= 0;
      perform credit_transfer_add(p_account, lot.id, null, 'adjust', 'remaining', 'revoked', least(lot.remaining, due),
        p_actor, why);
      due := due - least(lot.remaining, due);
    end loop;
  end if;
  if claim.event_id is null then
    insert into credit_claim (event_id, account_id, kind, asked, from_remaining, actor, reason)
    values (p_event, p_account, 'adjust', p_amount, case when p_amount > 0 then 0 else -p_amount - due end, p_actor, p_reason)
    returning * into claim;
  end if;
  return case when claim.asked > 0 then claim.asked else -claim.from_remaining end;
end $$;

-- Gives back what was charged for a run whose images were delivered: a decision of its own, once per run, never an
-- error path (L17). What was charged stays charged, and the books say who made it good and why.
create function credit_make_good(p_grant text, p_hold text, p_amount bigint, p_actor text, p_reason text)
returns table (grant_id text, created boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  hold credit_hold;
begin
  select * into hold from credit_hold where id = p_hold;
  if hold.state is distinct from 'committed' or coalesce(p_amount, hold.charged) not between 1 and hold.charged then
    raise exception 'L17: of run %, % were charged', p_hold, coalesce(hold.charged, 0) using errcode = 'check_violation';
  elsif coalesce(p_actor, '') = '' or coalesce(p_reason, '') = '' then
    raise exception 'L24: who makes run % good, and why?', p_hold using errcode = 'check_violation';
  end if;
  return query select * from credit_grant_add(p_grant, hold.account_id, 'make-good', p_hold, 'promo',
    coalesce(p_amount, hold.charged), 50, null, p_actor, jsonb_build_object('hold', p_hold, 'reason', p_reason));
end $$;

grant execute on function credit_adjust, credit_make_good to imgpilot_app;
