-- What operators change of the routing without a deploy: the newest row is in force, and none is ever changed. An entry
-- for a route or model that the catalogue no longer has means nothing.
create table routing_setting (
  id bigint generated always as identity primary key,
  document jsonb not null,
  actor text not null check (actor <> ''),
  reason text not null check (reason <> ''),
  created_at timestamptz not null default clock_timestamp()
);
create trigger routing_setting_append_only before update or delete on routing_setting
  for each row execute function credit_refuse('a setting of the routing is history; a change is a new row');

grant select, insert on routing_setting to imgpilot_app;
