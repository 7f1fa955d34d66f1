-- The log keeps each entry as the text that is hashed. What it is read and searched by is computed from that text by the
-- database, so the two cannot differ, and whoever verifies hashes what lies there instead of writing it anew.

-- Canonical JSON (RFC 8785) of what this product writes: keys and numbers are plain, so bytes order keys as UTF-16 does.
create function canonical_json(value jsonb) returns text language sql immutable strict as $$
  select case jsonb_typeof(value)
    when 'object' then
      '{' || coalesce((select string_agg(to_json(key)::text || ':' || canonical_json(v), ',' order by key collate "C")
                         from jsonb_each(value) as e(key, v)), '') || '}'
    when 'array' then
      '[' || coalesce((select string_agg(canonical_json(v), ',' order by n)
                         from jsonb_array_elements(value) with ordinality as e(v, n)), '') || ']'
    else value::text end $$;

-- RFC 3339 in UTC, as entries write it. Not a cast, which would depend on settings.
create function utc_time(text) returns timestamptz language sql immutable strict as $$
  select make_timestamp(substr($1, 1, 4)::integer, substr($1, 6, 2)::integer, substr($1, 9, 2)::integer,
                        substr($1, 12, 2)::integer, substr($1, 15, 2)::integer, substr($1, 18, 6)::double precision)
         at time zone 'UTC' $$;
create function utc_text(timestamptz) returns text language sql immutable strict as $$
  select to_char($1 at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;

-- An entry whose time is over (0020) is left with its time alone.
alter table audit disable trigger audit_append_only;
alter table audit add column line text;
update audit set line = case when action = 'aged' then '{"at":"' || utc_text(at) || '"}' else
  '{"action":' || to_json(action)::text || ',"actor":' || to_json(actor)::text || ',"at":"' || utc_text(at) || '","detail":'
  || canonical_json(detail) || ',"prev_hash":"' || prev_hash || '","seq":' || seq || ',"subject":' || to_json(subject)::text || '}'
  end;
alter table audit
  alter column line set not null,
  drop column at,
  drop column actor,
  drop column action,
  drop column subject,
  drop column detail,
  drop column prev_hash,
  add column at timestamptz(3) not null generated always as (utc_time(line::jsonb ->> 'at')) stored,
  add column actor text not null generated always as (coalesce(line::jsonb ->> 'actor', '')) stored,
  add column action text not null generated always as (coalesce(line::jsonb ->> 'action', 'aged')) stored,
  add column subject text not null generated always as (coalesce(line::jsonb ->> 'subject', '')) stored,
  add column detail jsonb not null generated always as (coalesce(line::jsonb -> 'detail', '{}')) stored;
alter table audit enable trigger audit_append_only;
drop function canonical_json(jsonb);

create index audit_about on audit (subject, seq desc);
create index audit_by on audit (actor, seq desc);
create index audit_kind on audit (split_part(action, '.', 1), seq desc);
create index audit_time on audit using brin (at) with (pages_per_range = 32);

-- As in 0019: an entry comes as its text but for its place in the chain.
create or replace function append_audit(entries json) returns void language plpgsql as $$
declare
  number bigint;
  before text;
  own text;
  e record;
begin
  select seq, hash into strict number, before from audit_head for update;
  for e in select * from json_to_recordset(entries) as x(head text, tail text)
  loop
    number := number + 1;
    own := e.head || before || '","seq":' || number || e.tail;
    before := encode(sha256('\x00'::bytea || convert_to(own, 'UTF8')), 'hex');
    insert into audit (seq, line, hash) values (number, own, before);
  end loop;
  update audit_head set seq = number, hash = before;
end $$;

-- As in 0020, but for what is left.
create or replace function age_log(before timestamptz, as_of timestamptz, most integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  aged integer;
begin
  if as_of > now() + clock_ahead() then
    raise exception 'the clock is ahead of the database''s';
  end if;
  if before > as_of - interval '26280 hours' then
    raise exception 'not due';
  end if;
  perform set_config('jiebang.purging', 'audit', true);
  update audit set line = '{"at":"' || utc_text(at) || '"}'
   where seq in (
     select a.seq from audit a where split_part(a.action, '.', 1) in ('look', 'export', 'session')
        and a.seq <= log_signed_until(before) and log_due(a, log_signed_until(before))
      order by a.seq limit most);
  get diagnostics aged = row_count;
  perform set_config('jiebang.purging', '', true);
  return aged;
end $$;
