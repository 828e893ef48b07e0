-- The queue, fair among accounts (rule 7, L21). Plans are data of the contract and come with each call; an account says
-- which is its own.

alter table account add column plan text not null default 'free'
  check (plan in ('free', 'basic', 'pro', 'ultra'));

-- For the sweeper, in no order that a claim could take for its own; by account each half of what is open has its index.
drop index run_open;
create index run_open on run (id) where settled_at is null;
create index run_queued on run (account_id, created_at, id) where settled_at is null and dispatched_at is null;
create index run_running on run (account_id) where settled_at is null and dispatched_at is not null;

-- The accounts that wait, found by skipping from one to the next: however many runs one has queued, it is read once.
create function run_waiting() returns table (account_id text)
language sql stable set search_path = public, pg_temp as $$
  with recursive waiting as (
    (select r.account_id from run r where r.settled_at is null and r.dispatched_at is null order by r.account_id limit 1)
    union all
    select (
      select r.account_id from run r
      where r.settled_at is null and r.dispatched_at is null and r.account_id > w.account_id
      order by r.account_id limit 1)
    from waiting w where w.account_id is not null
  )
  select w.account_id from waiting w where w.account_id is not null
$$;

-- The next runs to start. A run's turn is how many of its account's are before it, running or queued; the lowest turn
-- goes first, and of one turn who has waited longest, the plan's priority counted in. An account that was erased, or
-- whose plan is not among these, has what a free one has. p_plans: `{"free": {"concurrency": 3, "priority": 0}, …}`.
-- Indexes alone: a limit that the planner cannot know it takes for a tenth of the queue, and would rather read all of it.
create function run_next(p_limit int, p_plans jsonb) returns table (run_id text)
language sql stable set search_path = public, pg_temp set enable_seqscan = off set enable_bitmapscan = off as $$
  select next.id
  from run_waiting() w
  left join account a on a.id = w.account_id
  cross join lateral (select coalesce(p_plans -> a.plan, p_plans -> 'free') as plan) p
  cross join lateral (
    select count(*)::int as running from run r
    where r.account_id = w.account_id and r.settled_at is null and r.dispatched_at is not null) busy
  cross join lateral (
    select first.*, row_number() over (order by first.created_at, first.id) + busy.running as turn
    from (
      select r.id, r.created_at from run r
      where r.account_id = w.account_id and r.settled_at is null and r.dispatched_at is null
      order by r.created_at, r.id
      limit least(greatest((p.plan ->> 'concurrency')::int - busy.running, 0), p_limit)
    ) first
  ) next
  order by next.turn, next.created_at - make_interval(secs => (p.plan ->> 'priority')::int), next.id
  limit p_limit
$$;

-- Takes the next runs from the queue, each account within its plan. The hold expires p_hold after its start. Claimers
-- take turns, since one holds the locks of many accounts: call it outside other transactions.
drop function run_claim(int, int, interval);
create function run_claim(p_limit int, p_plans jsonb, p_hold interval) returns setof run
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  candidate text;
  claimed run;
  moment timestamptz;
begin
  perform pg_advisory_xact_lock(hashtext('run_claim'));
  for candidate in select run_id from run_next(p_limit, p_plans) loop
    claimed := run_lock_open(candidate);
    continue when claimed.id is null;
    moment := clock_timestamp();
    update run set dispatched_at = moment where id = candidate returning * into claimed;
    update credit_hold set expires_at = moment + p_hold where id = candidate;
    update generation set state = 'running' where id = claimed.generation_id and state = 'queued';
    return next claimed;
  end loop;
end $$;

grant execute on function run_claim to imgpilot_app;
