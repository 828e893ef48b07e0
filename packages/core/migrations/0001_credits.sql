-- Credits: accounts, grants, holds and the journal. The numbers L1..L24 are explained in src/credits/README.md.
--
-- The journal is the only way to move credits: inserting a row of credit_transfer moves the buckets of its grant, and
-- nothing else may. Who calls what is said at the end of each file: the application may run verbs and read, no more.

do $$
begin
  if not exists (select from pg_roles where rolname = 'imgpilot_app') then
    create role imgpilot_app nologin;
  end if;
exception when duplicate_object or unique_violation then
  null; -- roles are the server's: another of its databases was migrated at the same moment
end $$;

-- What a function may do is decided where it is written, not by default.
alter default privileges revoke execute on functions from public;

-- A person's account. The random id is all that the ledger knows; erasing a person drops the link to the user.
create table account (
  id text primary key check (id like 'acc\_%'),
  user_id text unique,
  created_at timestamptz not null default now()
);

-- The lock of an account (L22), and what it owes after a clawback (L18). It is rarely updated, so it does not bloat.
create table credit_account (
  account_id text primary key,
  debt bigint not null default 0 check (debt >= 0),
  created_at timestamptz not null default now()
) with (fillfactor = 60);

-- A lot of credits with an expiry. No index may mention a bucket, not even in its predicate: updates of buckets stay
-- HOT. A lot that can never pay again is told by exhausted_at, which is set once.
create table credit_grant (
  id text primary key,
  account_id text not null references credit_account,
  source text not null,
  source_ref text not null,
  category text not null check (category in ('promo', 'paid')),
  amount bigint not null default 0,
  remaining bigint not null default 0 check (remaining >= 0),
  held bigint not null default 0 check (held >= 0),
  consumed bigint not null default 0 check (consumed >= 0),
  expired bigint not null default 0 check (expired >= 0),
  revoked bigint not null default 0 check (revoked >= 0),
  -- What a clawback takes of the held part once it comes back (L19).
  revoke_pending bigint not null default 0 check (revoke_pending >= 0),
  priority smallint not null default 50,
  effective_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null default 'infinity',
  exhausted_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  unique (source, source_ref), -- L20
  constraint "L1" check (amount = remaining + held + consumed + expired + revoked),
  constraint exhausted_has_nothing check (exhausted_at is null or remaining + held = 0)
) with (fillfactor = 60);
create index credit_grant_pick on credit_grant (account_id, priority, expires_at, id) where exhausted_at is null;
create index credit_grant_due on credit_grant (expires_at) where exhausted_at is null and expires_at < 'infinity';

-- A reservation for one run; its id is the run's. Denials are kept: they are sticky (L6). A hold that was refunded
-- before it was made is a tombstone of amount 0, which turns the reserve away (L4).
create table credit_hold (
  id text primary key,
  account_id text not null references credit_account,
  amount bigint not null check (amount > 0 or (amount = 0 and state = 'refunded')),
  charged bigint not null default 0 check (charged >= 0),
  returned bigint not null default 0 check (returned >= 0),
  state text not null check (state in ('held', 'committed', 'refunded', 'expired', 'denied')),
  request_hash text,
  -- An operator's run is paid by this grant alone, and what comes back to it is revoked.
  grant_id text references credit_grant,
  -- None while the run is queued; the database's clock decides (L9).
  expires_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  resolved_at timestamptz,
  resolved_by text,
  constraint resolved_when_terminal check ((state = 'held') = (resolved_at is null)),
  constraint "L12" check (case state
    when 'committed' then charged > 0 and charged + returned = amount
    when 'held' then charged = 0 and returned = 0
    when 'denied' then charged = 0 and returned = 0
    else charged = 0 and returned = amount end)
) with (fillfactor = 80);
-- For sweeping alone. Looking a hold up is by primary key, its state tested afterwards, or this index would be used.
create index credit_hold_due on credit_hold (expires_at) where state = 'held';

-- What a provider's event or a person's adjustment was about and what it took, once per event (L19, L24). Rows are
-- never changed; a reinstatement is a row that reverses an earlier one.
create table credit_claim (
  event_id text primary key,
  account_id text not null references credit_account,
  -- None where an adjustment takes of several.
  grant_id text references credit_grant,
  kind text not null check (kind in ('clawback', 'unspent', 'reinstate', 'adjust')),
  reverses text references credit_claim,
  asked bigint not null,
  from_remaining bigint not null default 0 check (from_remaining >= 0),
  from_held bigint not null default 0 check (from_held >= 0),
  from_expired bigint not null default 0 check (from_expired >= 0),
  from_consumed bigint not null default 0 check (from_consumed >= 0),
  actor text,
  reason text,
  created_at timestamptz not null default clock_timestamp(),
  constraint "L23" check (case kind when 'adjust' then asked <> 0 else asked >= 0 end),
  constraint "L24" check (kind <> 'adjust' or (actor <> '' and reason <> '') is true),
  constraint reinstates_a_claim check ((kind = 'reinstate') = (reverses is not null))
);
create index credit_claim_grant on credit_claim (grant_id);
create index credit_claim_reverses on credit_claim (reverses);

-- The journal: append-only, every row balanced by itself (L3).
create table credit_transfer (
  id bigint generated always as identity primary key,
  account_id text not null references credit_account,
  grant_id text not null references credit_grant,
  hold_id text references credit_hold,
  kind text not null,
  from_bucket text not null,
  to_bucket text not null,
  amount bigint not null check (amount > 0),
  actor text,
  meta jsonb,
  created_at timestamptz not null default clock_timestamp(),
  -- Ties the row to the account's row before it: see 0001_credits_chain.sql.
  chain text not null,
  constraint "L24" check (kind <> 'adjust' or (actor <> '' and meta ->> 'reason' <> '') is true),
  constraint "L3" check ((kind, from_bucket, to_bucket) in (
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
    ('adjust', 'remaining', 'revoked')))
);
-- A hold moves once each way in a grant: a second guard of L4. These rows are the hold's lines.
create unique index credit_transfer_line on credit_transfer (hold_id, grant_id, kind) where hold_id is not null;
create index credit_transfer_grant on credit_transfer (grant_id);
create index credit_transfer_account on credit_transfer (account_id, id);

create function credit_delta(transfer credit_transfer, bucket text) returns bigint language sql immutable as $$
  select case bucket when transfer.to_bucket then transfer.amount when transfer.from_bucket then -transfer.amount else 0 end
$$;

create function credit_transfer_move() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  update credit_grant set
    amount = amount - credit_delta(new, 'outside'),
    remaining = remaining + credit_delta(new, 'remaining'),
    held = held + credit_delta(new, 'held'),
    consumed = consumed + credit_delta(new, 'consumed'),
    expired = expired + credit_delta(new, 'expired'),
    revoked = revoked + credit_delta(new, 'revoked'),
    exhausted_at = case
      when remaining + held + credit_delta(new, 'remaining') + credit_delta(new, 'held') = 0 then new.created_at end
  where id = new.grant_id and account_id = new.account_id;
  if not found then
    raise exception 'L3: grant % is not of account %', new.grant_id, new.account_id;
  end if;
  if new.kind in ('owe', 'repay') then
    update credit_account set debt = debt + case new.kind when 'owe' then new.amount else -new.amount end
    where account_id = new.account_id;
  end if;
  return null;
end $$;
create trigger credit_transfer_move after insert on credit_transfer
  for each row execute function credit_transfer_move();

create function credit_refuse() returns trigger language plpgsql as $$
begin
  raise exception '%', tg_argv[0] using errcode = 'restrict_violation';
end $$;

create trigger credit_transfer_append_only before update or delete on credit_transfer
  for each row execute function credit_refuse('L3: the journal is append-only; a correction is a new row');
create trigger credit_transfer_no_truncate before truncate on credit_transfer
  for each statement execute function credit_refuse('L3: the journal is append-only; a correction is a new row');

-- Inside the journal's own trigger the depth is 1; anybody else who writes a bucket is turned away.
create trigger credit_grant_by_journal_alone
  before update of amount, remaining, held, consumed, expired, revoked on credit_grant
  for each row when (pg_trigger_depth() = 0)
  execute function credit_refuse('L24: buckets are moved by the journal alone');
create trigger credit_debt_by_journal_alone before update of debt on credit_account
  for each row when (pg_trigger_depth() = 0)
  execute function credit_refuse('L24: debt is moved by the journal alone');
create trigger credit_debt_starts_at_nothing before insert on credit_account
  for each row when (new.debt <> 0)
  execute function credit_refuse('L24: debt is moved by the journal alone');
create trigger credit_grant_starts_empty before insert on credit_grant
  for each row when (new.amount <> 0 or new.remaining <> 0)
  execute function credit_refuse('L24: a grant is filled by the journal alone');
create trigger credit_hold_resolves_once before update on credit_hold
  for each row when (old.state <> 'held')
  execute function credit_refuse('L4: a resolved hold never changes');
create trigger credit_hold_keeps_its_terms before update on credit_hold
  for each row when ((old.id, old.account_id, old.amount, old.request_hash, old.grant_id)
    is distinct from (new.id, new.account_id, new.amount, new.request_hash, new.grant_id))
  execute function credit_refuse('L5: the terms of a hold never change');
create trigger credit_hold_stays before delete on credit_hold
  for each row execute function credit_refuse('L3: holds are kept');
create trigger credit_claim_append_only before update or delete on credit_claim
  for each row execute function credit_refuse('L3: what an event did is never changed');
create trigger credit_grant_stays before delete on credit_grant
  for each row execute function credit_refuse('L3: grants are kept');

grant select on credit_account, credit_grant, credit_hold, credit_claim, credit_transfer to imgpilot_app;
grant select, insert, update, delete on account to imgpilot_app;
