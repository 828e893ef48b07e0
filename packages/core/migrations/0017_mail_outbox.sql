-- Mails that wait to be sent, and what people wish to be written to about (promises T and S5).

-- The language that a person is written to in: the one they opened the account in.
alter table account add column locale text not null default 'en' check (locale ~ '^[a-z]{2}$');

-- Opt-in: what has no row is not wanted. The last word counts, and is kept with its time.
create table mail_wish (
  account_id text not null references account on delete cascade,
  wish text not null check (wish in ('promotional', 'generation_finished', 'credits_low')),
  wanted boolean not null,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (account_id, wish)
);

-- A mail is written in the transaction of what it tells of, and sent later by a job: neither is a mail lost that was
-- due, nor one sent about what was rolled back. No row carries a secret: mails that do are sent at once instead.
create table mail_outbox (
  id text primary key check (id like 'mail\_%'),
  -- What the mail is about, so that telling it twice writes it once.
  key text not null unique,
  account_id text,
  -- Read from the account at the first try where the writer gave none, and gone once the mail is.
  address text check (length(address) <= 254),
  letter text not null,
  locale text not null,
  data jsonb not null,
  state text not null default 'waiting' check (state in ('waiting', 'sent', 'given_up', 'dropped')),
  tries int not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  last_error text,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  check (account_id is not null or address is not null or state <> 'waiting'),
  check (state not in ('sent', 'dropped') or (address is null and data = '{}'))
);
create index mail_outbox_due on mail_outbox (due_at) where state = 'waiting';
create index mail_outbox_ended on mail_outbox (ended_at) where state <> 'waiting';
create index mail_outbox_account on mail_outbox (account_id);

create function mail_wanted(p_account text, p_letter text) returns boolean
language sql stable set search_path = public, pg_temp as $$
  select p_letter not in ('promotional', 'generation_finished', 'credits_low') or exists (
    select from mail_wish where account_id = p_account and wish = p_letter and wanted)
$$;

-- Writes a mail, once for its key; answers its id, or null where the person has not asked for such mails.
create function mail_enqueue(
  p_id text, p_key text, p_account text, p_address text, p_letter text, p_locale text, p_data jsonb
) returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
  known mail_outbox;
begin
  if not mail_wanted(p_account, p_letter) then
    return null;
  end if;
  insert into mail_outbox (id, key, account_id, address, letter, locale, data)
  values (p_id, p_key, p_account, p_address, p_letter,
    coalesce(p_locale, (select locale from account where id = p_account), 'en'), p_data)
  on conflict (key) do nothing;
  select * into known from mail_outbox where key = p_key;
  if (known.letter, known.account_id) is distinct from (p_letter, p_account) then
    raise exception 'mail key % was about something else', p_key using errcode = 'unique_violation';
  end if;
  return known.id;
end $$;

-- Takes mails that are due, oldest first: until the lease is over no other job sends them. What nobody can get, or wants
-- any more, is dropped on the way.
create function mail_claim(p_limit int, p_lease interval) returns setof mail_outbox
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query
  with due as (
    select m.id, coalesce(m.address, u.email) as address,
      coalesce(m.address, u.email) is not null and mail_wanted(m.account_id, m.letter) as deliverable
    from mail_outbox m
    left join account a on a.id = m.account_id
    left join auth_user u on u.id = a.user_id
    where m.state = 'waiting' and m.due_at <= clock_timestamp()
    order by m.due_at limit p_limit for update of m skip locked
  ), taken as (
    update mail_outbox m set
      tries = m.tries + 1,
      due_at = clock_timestamp() + p_lease,
      address = case when due.deliverable then due.address end,
      data = case when due.deliverable then m.data else '{}' end,
      state = case when due.deliverable then 'waiting' else 'dropped' end,
      ended_at = case when due.deliverable then null else clock_timestamp() end
    from due where m.id = due.id
    returning m.*
  )
  select * from taken;
end $$;

-- The mail has been taken by the provider: all that is kept is that it was.
create function mail_sent(p_id text) returns void
language sql security definer set search_path = public, pg_temp as $$
  update mail_outbox set state = 'sent', address = null, data = '{}', last_error = null, ended_at = clock_timestamp()
  where id = p_id and state = 'waiting'
$$;

-- The provider has not taken it. With a wait it is tried again, without one it is given up; unless it was claimed by
-- another job since, which then decides.
create function mail_not_sent(p_id text, p_tries int, p_error text, p_wait interval) returns void
language sql security definer set search_path = public, pg_temp as $$
  update mail_outbox set
    last_error = p_error,
    due_at = coalesce(clock_timestamp() + p_wait, due_at),
    state = case when p_wait is null then 'given_up' else state end,
    ended_at = case when p_wait is null then clock_timestamp() end
  where id = p_id and state = 'waiting' and tries = p_tries
$$;

-- Deletes what has ended: of a mail that was given up people may still look at why.
create function mail_forget(p_ended interval, p_given_up interval) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with gone as (
    delete from mail_outbox
    where (state in ('sent', 'dropped') and ended_at <= clock_timestamp() - p_ended)
      or (state = 'given_up' and ended_at <= clock_timestamp() - p_given_up)
    returning 1)
  select count(*) from gone
$$;

grant select on mail_outbox to imgpilot_app;
grant select, insert, update on mail_wish to imgpilot_app;
grant execute on function mail_enqueue, mail_claim, mail_sent, mail_not_sent, mail_forget to imgpilot_app;
