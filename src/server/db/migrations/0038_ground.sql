-- On which legal basis customers are served (compliance D4, 4.7; T-10): by purpose and kind of customer, with where it can be read.
-- Written by one, confirmed by another; what counted once is ended, never changed.
create table legal_basis (
  id text primary key,
  purpose text not null check (purpose in ('serve', 'contact', 'history_summary')),
  customers text not null check (customers in ('all', 'wechat', 'wecom')),
  ground text not null check (ground in ('contract', 'consent', 'legal_duty', 'public', 'other_law')),
  source text not null check (btrim(source) <> ''),
  since date not null,
  until date check (until >= since),
  written_by text not null references member,
  written_at timestamptz not null,
  confirmed_by text references member check (confirmed_by <> written_by), -- four eyes, also here
  confirmed_at timestamptz,
  ended_by text references member,
  ended_at timestamptz,
  ended_why text,
  check ((confirmed_by is null) = (confirmed_at is null)),
  check ((ended_by is null) = (ended_at is null) and (ended_by is null) = (ended_why is null))
);

-- What was looked at before the first customer was passed on (compliance S22, 5.7: instance 0; T-22). Signed once, by somebody who did
-- not write in it; then it stays as it is.
create table launch_review (
  one boolean primary key default true check (one),
  answers jsonb not null,
  digest text not null, -- SHA-256 of the answers, canonical
  written_by text not null references member,
  writers text[] not null,
  written_at timestamptz not null,
  signed_by text references member check (not signed_by = any (writers)),
  signed_at timestamptz,
  found jsonb, -- what the system itself found on that day
  check ((signed_by is null) = (signed_at is null) and (signed_by is null) = (found is null))
);
create function signed_review_stays() returns trigger language plpgsql as $$
begin
  if old.signed_at is not null then
    raise exception 'a signed review stays as it is';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger launch_review_signed before update or delete on launch_review
  for each row execute function signed_review_stays();

-- Two people also for an assessment (T-44): what one wrote down counts from the moment another has read it.
alter table impact_assessment add column confirmed_by text references member check (confirmed_by <> recorded_by);
alter table impact_assessment add column confirmed_at timestamptz;
