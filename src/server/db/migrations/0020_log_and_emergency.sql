-- The log is read by who, by whom and by kind, newest first (audit/entries.ts); the looks of one member and at one customer are
-- found by the same two.
drop index audit_looked_at;
drop index audit_looked_by;
create index audit_about on audit (subject, seq desc);
create index audit_by on audit (actor, seq desc);
create index audit_kind on audit (split_part(action, '.', 1), seq desc);
create index audit_time on audit using brin (at) with (pages_per_range = 32);
create index tree_head_at on tree_head (at, size);

-- Looks, exports and logins are kept for three years (compliance 4.6), then an entry loses what it said and keeps its place, its
-- time and its hash: chain, heads and proofs stay whole (audit/README.md). `action` says so.
create function log_due(entry audit, up_to bigint) returns boolean language sql stable as $$
  select entry.seq <= up_to and entry.action <> 'aged'
    and split_part(entry.action, '.', 1) in ('look', 'export', 'session')
    and not customer_held(entry.subject)
    and not exists (
      select 1 from legal_hold l left join departure d on d.id = l.subject_id
       where l.released_at is null and l.subject_kind = 'departure'
         and (l.subject_id = entry.subject or d.member_id in (entry.actor, entry.subject))) $$;

-- Up to which entry everything was signed by then: that an entry is old enough is proven by the signed head over it, whatever
-- somebody writes into its row.
create function log_signed_until(by_then timestamptz) returns bigint language sql stable as $$
  select coalesce(max(size), 0) from tree_head where at <= by_then $$;

-- The owner's right, lent for exactly that, as with history (0018): nothing before 1,095 days, nothing held, no clock that runs
-- ahead. The app's own role can neither update nor delete a row of it.
create function age_log(before timestamptz, as_of timestamptz, most integer) returns integer
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
  update audit set actor = '', action = 'aged', subject = '', detail = '{}'
   where seq in (
     select a.seq from audit a where split_part(a.action, '.', 1) in ('look', 'export', 'session')
        and a.seq <= log_signed_until(before) and log_due(a, log_signed_until(before))
      order by a.seq limit most);
  get diagnostics aged = row_count;
  perform set_config('jiebang.purging', '', true);
  return aged;
end $$;

create or replace function refuse_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and tg_table_name = 'history' and current_setting('jiebang.purging', true) = 'history' then
    return null;
  end if;
  if tg_op = 'UPDATE' and tg_table_name = 'audit' and current_setting('jiebang.purging', true) = 'audit' then
    return null;
  end if;
  raise exception '% is append-only', tg_table_name;
end $$;

-- A colleague opens one customer who is not theirs, for an hour at most, with a reason; a leader and compliance say afterwards
-- whether it was right (compliance 6.2).
create table emergency (
  id text primary key,
  handover_id text not null references handover,
  member_id text not null references member,
  reason text not null,
  words text not null,
  opened_at timestamptz not null,
  until timestamptz not null check (until > opened_at and until <= opened_at + interval '60 minutes'),
  ended_at timestamptz,
  lead_by text references member check (lead_by <> member_id),
  lead_at timestamptz,
  lead_verdict text check (lead_verdict in ('justified', 'unjustified')),
  lead_words text,
  office_by text references member check (office_by <> member_id and (office_by is null or office_by is distinct from lead_by)),
  office_at timestamptz,
  office_verdict text check (office_verdict in ('justified', 'unjustified')),
  office_words text,
  check ((lead_by is null) = (lead_at is null) and (lead_by is null) = (lead_verdict is null)),
  check ((office_by is null) = (office_at is null) and (office_by is null) = (office_verdict is null))
);
create unique index emergency_open on emergency (member_id) where ended_at is null;
create index emergency_of on emergency (handover_id, opened_at desc);
