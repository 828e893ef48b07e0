-- The invariant query: a row for every way in which the books do not balance, none when they do. It looks at what is
-- committed in one snapshot, so it is right at any moment. Some of it the schema forbids already: the audit trusts
-- neither the schema nor the verbs.

create function credit_audit() returns table (invariant text, subject text, detail text)
language sql stable security definer set search_path = public, pg_temp as $$
  select 'L1', id, format('%s credits, but %s + %s + %s + %s + %s', amount, remaining, held, consumed, expired, revoked)
  from credit_grant
  where amount <> remaining + held + consumed + expired + revoked
    or least(amount, remaining, held, consumed, expired, revoked, revoke_pending) < 0 or revoke_pending > held

  union all
  select 'L2', g.id, format('the journal leads to other buckets than %s', to_jsonb(g))
  from credit_grant g
  left join lateral (
    select
      coalesce(-sum(credit_delta(t, 'outside')), 0) as amount,
      coalesce(sum(credit_delta(t, 'remaining')), 0) as remaining, coalesce(sum(credit_delta(t, 'held')), 0) as held,
      coalesce(sum(credit_delta(t, 'consumed')), 0) as consumed, coalesce(sum(credit_delta(t, 'expired')), 0) as expired,
      coalesce(sum(credit_delta(t, 'revoked')), 0) as revoked
    from credit_transfer t where t.grant_id = g.id
  ) j on true
  where (g.amount, g.remaining, g.held, g.consumed, g.expired, g.revoked)
    is distinct from (j.amount, j.remaining, j.held, j.consumed, j.expired, j.revoked)

  union all
  select 'L3', t.id::text, 'the grant, the hold and the row are of different accounts'
  from credit_transfer t join credit_grant g on g.id = t.grant_id left join credit_hold h on h.id = t.hold_id
  where g.account_id <> t.account_id or h.account_id <> t.account_id

  union all
  select 'L4', h.id, format('a %s hold of %s: %s reserved, %s charged (%s by the journal), %s returned (%s)',
    h.state, h.amount, l.reserved, h.charged, l.committed, h.returned, l.refunded)
  from credit_hold h
  left join lateral (
    select coalesce(sum(amount) filter (where kind = 'reserve'), 0) as reserved,
      coalesce(sum(amount) filter (where kind = 'commit'), 0) as committed,
      coalesce(sum(amount) filter (where kind = 'refund'), 0) as refunded
    from credit_transfer t where t.hold_id = h.id
  ) l on true
  where (l.reserved, l.committed, l.refunded)
    is distinct from (case when h.state = 'denied' then 0 else h.amount end, h.charged, h.returned)

  union all
  select 'L10', t.hold_id, format('grant %s got or paid other than was reserved of it', t.grant_id)
  from credit_transfer t join credit_hold h on h.id = t.hold_id
  where h.state in ('committed', 'refunded', 'expired')
  group by t.hold_id, t.grant_id
  having sum(credit_delta(t, 'held')) <> 0

  union all
  select 'L14', id, format('held since %s, and was to be settled by %s', created_at, expires_at)
  from credit_hold where state = 'held' and expires_at < clock_timestamp() - interval '15 minutes'

  union all
  -- What was lost on the way back to an expired grant was given anew.
  select 'L11', t.hold_id, format('%s of grant %s expired while it was held', t.amount, t.grant_id)
  from credit_transfer t
  where t.kind = 'expire' and t.hold_id is not null and not exists (
    select from credit_grant g
    where g.source = 'goodwill' and g.source_ref = t.hold_id || ' ' || t.grant_id
      and (g.account_id, g.amount) = (t.account_id, t.amount))

  union all
  select 'L18', a.account_id, format('owes %s, by the journal %s', a.debt, j.debt)
  from credit_account a
  left join lateral (
    select coalesce(sum(case kind when 'owe' then amount when 'repay' then -amount end), 0) as debt
    from credit_transfer t where t.account_id = a.account_id
  ) j on true
  where a.debt < 0 or a.debt <> j.debt

  union all
  select 'L19', g.id, format('of %s, %s are claimed by events, %s by the journal', g.amount, c.net, j.net)
  from credit_grant g
  cross join lateral (select credit_claimed(g.id) as net) c
  left join lateral (
    select coalesce(sum(case kind when 'reinstate' then -amount when 'revoke' then amount when 'owe' then amount end), 0)
      + g.revoke_pending as net
    from credit_transfer t where t.grant_id = g.id
  ) j on true
  where c.net not between 0 and g.amount or c.net <> j.net

  union all
  select 'L24', account_id, format('%s adjusted by the journal, %s by events', sum(journal), sum(events))
  from (
    select account_id, amount as journal, 0 as events from credit_transfer where kind = 'adjust'
    union all
    select account_id, 0, from_remaining from credit_claim where kind = 'adjust'
  ) adjusted
  group by account_id having sum(journal) <> sum(events)

  union all
  select 'L3', id::text, 'the chain of the account breaks here'
  from (
    select t.id, t.chain, credit_chain(lag(t.chain) over (partition by account_id order by id), t) as recomputed
    from credit_transfer t
  ) rows
  where chain is distinct from recomputed
$$;

create function run_audit() returns table (invariant text, subject text, detail text)
language sql stable security definer set search_path = public, pg_temp as $$
  select 'L14', r.id, format('queued since %s', r.created_at)
  from run r where r.settled_at is null and r.dispatched_at is null and r.created_at < clock_timestamp() - interval '25 hours'

  union all
  select 'L4', r.id, format('the run is %s, its hold %s', coalesce(r.outcome, 'open'), h.state)
  from run r join credit_hold h on h.id = r.id where (r.settled_at is null) <> (h.state = 'held')

  union all
  select 'W1', r.generation_id, format('image %s is being made by %s runs at once', image, count(*))
  from run r cross join unnest(r.images) image where r.settled_at is null
  group by r.generation_id, image having count(*) > 1

  union all
  select 'W2', r.id, format('%s recorded at %s, %s charged by the run, %s by the hold', r.recorded, r.price_per_image,
    r.charged, h.charged)
  from run r join credit_hold h on h.id = r.id
  where r.settled_at is not null
    and (r.charged <> r.recorded * r.price_per_image or (r.charged, r.returned) is distinct from (h.charged, h.returned))

  union all
  select 'W2', r.id, format('%s images were charged, %s are recorded', r.recorded, i.stored)
  from run r join generation g on g.id = r.generation_id
  cross join lateral (select count(*) as stored from generation_image where run_id = r.id and generation_id = g.id) i
  where r.settled_at is not null and r.recorded <> i.stored

  union all
  select 'W2', i.run_id, format('image %s was recorded of an attempt that delivered nothing', i.image)
  from generation_image i left join run_attempt a on (a.run_id, a.image, a.n) = (i.run_id, i.image, i.attempt)
  where a.state is distinct from 'delivered'

  union all
  select 'W3', g.id, format('%s, and no run of it is open', g.state)
  from generation g where g.state in ('queued', 'running')
    and not exists (select from run r where r.generation_id = g.id and r.settled_at is null)

  union all
  select 'W4', run_id, format('image %s: %s attempts, unknown before the last: %s', image, count(*),
    count(*) filter (where state = 'unknown'))
  from (select *, max(n) over (partition by run_id, image) as last_n from run_attempt) a
  group by run_id, image
  having count(*) > 6 or max(n) <> count(*) - 1 or count(*) filter (where state = 'unknown' and n < last_n - 1) > 0
$$;

grant execute on function credit_audit, run_audit to imgpilot_app;
