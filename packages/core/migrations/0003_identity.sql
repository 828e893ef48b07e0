-- Identity: the tables that Better Auth keeps (adapters/src/auth/tables.ts), and the sign-ins that wait for their mail.
-- There is no column for a password, anywhere (promise A1). The ledger knows none of this: only account.user_id links.

-- A person: an address, and a name and picture where Google gave them (promise A2).
create table auth_user (
  id text primary key,
  email text not null unique check (email = lower(email) and length(email) <= 254),
  email_verified boolean not null default false,
  name text not null default '',
  image text,
  -- When the person confirmed to be old enough (promise A4).
  age_confirmed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

-- The token alone signs nobody in: cookies and bearer tokens carry it together with its signature by AUTH_SECRET.
create table auth_session (
  id text primary key,
  token text not null unique,
  user_id text not null references auth_user on delete cascade,
  expires_at timestamptz not null,
  -- Better Auth has these; we leave them empty (promise A2).
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index auth_session_user on auth_session (user_id);
create index auth_session_expiry on auth_session (expires_at);

-- A person at another identity provider (Google).
create table auth_identity (
  id text primary key,
  user_id text not null references auth_user on delete cascade,
  provider_id text not null,
  account_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index auth_identity_user on auth_identity (user_id);

-- Better Auth's own short-lived values, such as the state of a sign-in at Google.
create table auth_verification (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index auth_verification_identifier on auth_verification (identifier);

-- One mail that was asked for: its link and its code are two keys to this one row, which is deleted by the first use of
-- either (promise A5). Both are hashed, the code with a key that is not in the database, for six digits are soon tried.
create table auth_sign_in (
  id text primary key,
  email text not null,
  token_hash text not null unique,
  code_hash text not null,
  tries_left int not null check (tries_left >= 0),
  age_confirmed boolean not null,
  -- Where to go afterwards: a path of our own site.
  return_path text not null check (return_path like '/%'),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index auth_sign_in_email on auth_sign_in (email, created_at);
create index auth_sign_in_expiry on auth_sign_in (expires_at);

grant select, insert, update, delete on auth_user, auth_session, auth_identity, auth_verification, auth_sign_in
  to imgpilot_app;
