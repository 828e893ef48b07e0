-- The hash chain of each account's journal, so that its owner can check that no row was changed, taken out, put in or
-- moved since they last looked. A row's canonical text is compact JSON with exactly these fields in this order:
--
--   id account kind grant hold from to amount actor meta at
--
-- `meta` has its keys in byte order and its values as text; `at` is UTC to the microsecond. A row's chain is the SHA-256,
-- in hexadecimal, of the chain of the account's row before it, a line feed, and the text; before the first row stand
-- sixty-four zeros. A line of the download is the text with `chain` as one more field, the last. What checks it outside
-- is packages/contract/src/verifier.ts.

create function credit_transfer_text(t credit_transfer) returns text
language sql stable set search_path = public, pg_temp as $$
  select '{"id":' || t.id || ',"account":' || to_json(t.account_id) || ',"kind":' || to_json(t.kind)
    || ',"grant":' || to_json(t.grant_id) || ',"hold":' || coalesce(to_json(t.hold_id)::text, 'null')
    || ',"from":' || to_json(t.from_bucket) || ',"to":' || to_json(t.to_bucket) || ',"amount":' || t.amount
    || ',"actor":' || coalesce(to_json(t.actor)::text, 'null') || ',"meta":' || coalesce((
      select '{' || string_agg(to_json(key)::text || ':' || coalesce(to_json(value)::text, 'null'), ','
        order by key collate "C") || '}'
      from jsonb_each_text(t.meta)), 'null')
    || ',"at":"' || to_char(t.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"}'
$$;

create function credit_chain(previous text, t credit_transfer) returns text
language sql stable set search_path = public, pg_temp as $$
  select encode(sha256(convert_to(coalesce(previous, repeat('0', 64)) || E'\n' || credit_transfer_text(t), 'UTF8')), 'hex')
$$;

create function credit_transfer_line(t credit_transfer) returns text
language sql stable set search_path = public, pg_temp as $$
  select left(credit_transfer_text(t), -1) || ',"chain":"' || t.chain || '"}'
$$;

-- Numbers are drawn before this runs, so the account's lock is what makes their order that of the chain: a row of
-- somebody who wrote without it would come after one with a higher number, and is refused.
create function credit_transfer_chain() returns trigger language plpgsql set search_path = public, pg_temp as $$
declare
  last record;
begin
  select id, chain into last from credit_transfer where account_id = new.account_id order by id desc limit 1;
  if last.id >= new.id then
    raise exception 'L22: row % was written without the lock of account %', new.id, new.account_id;
  end if;
  new.chain := credit_chain(last.chain, new);
  return new;
end $$;
create trigger credit_transfer_chain before insert on credit_transfer
  for each row execute function credit_transfer_chain();

grant execute on function credit_transfer_text, credit_transfer_line to imgpilot_app;
