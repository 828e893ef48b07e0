-- Public pages of single images (promises D1 to D4), and prompts kept across a sign-in.

-- A page's row outlives what it showed: an address that was given out answers that the page was taken away, not that it
-- never was. Prompt and model are read from the generation while there is one.
create table share (
  id text primary key check (id like 'shr\_%'),
  account_id text not null references credit_account,
  generation_id text not null,
  image int not null,
  -- The public copy: it goes with the page, and with it every signed address that was given out for it.
  key text not null unique,
  listed boolean not null,
  created_at timestamptz not null default clock_timestamp(),
  revoked_at timestamptz
);
create unique index share_live on share (generation_id, image) where revoked_at is null;

-- Publishes a copy that is in the store already. Answers the image's page, which may be an earlier one, or null where
-- the account has no such image. Its copy was queued for deletion before it was made, and is now kept.
create function share_publish(
  p_share text, p_account text, p_generation text, p_image int, p_key text, p_listed boolean
) returns text language plpgsql security definer set search_path = public, pg_temp as $$
declare
  live text;
begin
  perform from generation where id = p_generation and account_id = p_account for update;
  if not found or not exists (
    select from generation_image where generation_id = p_generation and image = p_image)
  then
    return null;
  end if;
  insert into share (id, account_id, generation_id, image, key, listed)
  values (p_share, p_account, p_generation, p_image, p_key, p_listed)
  on conflict (generation_id, image) where revoked_at is null do update set listed = excluded.listed
  returning id into live;
  if live = p_share then
    delete from object_deletion where key = p_key;
  end if;
  return live;
end $$;

-- Takes pages away, of one image or of all: their copies are queued in the same transaction. Answers the copies' keys.
create function share_revoke(p_generation text, p_account text, p_image int default null) returns text[]
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  keys text[];
begin
  with revoked as (
    update share set revoked_at = clock_timestamp()
    where generation_id = p_generation and account_id = p_account and image = coalesce(p_image, image)
      and revoked_at is null
    returning key
  ), queued as (
    insert into object_deletion (key, due_at) select key, clock_timestamp() from revoked
    on conflict (key) do update set due_at = excluded.due_at
  )
  select array_agg(key) into keys from revoked;
  return coalesce(keys, '{}');
end $$;

-- However a generation is deleted, its pages go with it (promise D4).
create function share_revoke_with_generation() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  perform share_revoke(old.id, old.account_id);
  return null;
end $$;
create trigger share_revoke_with_generation after delete on generation
  for each row execute function share_revoke_with_generation();

-- A prompt on its way through a sign-in. Whoever has the id may read it; nobody else can guess it.
create table draft (
  id text primary key check (id like 'drf\_%'),
  prompt text not null check (length(prompt) <= 4000),
  expires_at timestamptz not null
);
create index draft_expiry on draft (expires_at);

grant select on share to imgpilot_app;
grant execute on function share_publish, share_revoke to imgpilot_app;
grant select, insert, delete on draft to imgpilot_app;
