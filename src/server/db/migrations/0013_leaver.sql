-- Stopped here whatever WeCom says: set by two administrators, lifted by two again (member_block).
alter table member add column blocked_at timestamptz;

-- One administrator asks, another confirms; the same way back. Four eyes, also here.
create table member_block (
  id text primary key,
  member_id text not null references member,
  reason text not null,
  words text not null,
  asked_by text not null references member check (asked_by <> member_id),
  asked_at timestamptz not null,
  confirmed_by text references member check (confirmed_by <> asked_by and confirmed_by <> member_id),
  confirmed_at timestamptz,
  declined_by text references member, -- by another administrator, or taken back by the asker
  declined_at timestamptz,
  lift_words text,
  lift_asked_by text references member check (lift_asked_by <> member_id),
  lift_asked_at timestamptz,
  lifted_by text references member check (lifted_by <> lift_asked_by and lifted_by <> member_id),
  lifted_at timestamptz,
  check ((confirmed_by is null) = (confirmed_at is null)),
  check ((lifted_by is null) = (lifted_at is null) and (lifted_at is null or lift_asked_at is not null)),
  check (confirmed_at is null or declined_at is null)
);
create unique index member_block_open on member_block (member_id) where declined_at is null and lifted_at is null;

-- WeCom says that somebody has gone: what they held has ended, before anything else is done about it. No reference to
-- wecom_event, because that row is held while WeCom is asked.
create table leaving_event (
  digest text primary key,
  revoked_at timestamptz not null
);

-- Every door called with what the member still holds, after their access ended. `sealed`: the session laid in beside their own
-- and ended with them (probe/README.md); worthless, and forgotten when no session of then could live.
create table probe (
  id text primary key,
  member_id text not null references member,
  why text not null check (why in ('left', 'stopped', 'blocked', 'asked')),
  asked_by text references member,
  revoked_at timestamptz not null,     -- the access ended
  sealed text,
  laid_at timestamptz,                 -- of the session in `sealed`
  opened boolean not null default false, -- it opened doors before it was ended
  began_at timestamptz,
  ended_at timestamptz,
  tries integer not null default 0,
  doors integer,
  red integer,                         -- doors that answered
  left_over integer,                   -- rows that still open a door
  report jsonb,
  digest text                          -- SHA-256 of the canonical report; stands in the audit log
);
create index probe_member on probe (member_id, revoked_at desc);
create index probe_open on probe (revoked_at) where ended_at is null;

-- A question to a person about looks that are in the audit log. Nothing follows from it by itself.
create table signal (
  id text primary key,
  member_id text not null references member,
  kind text not null check (kind in ('bulk', 'sequence', 'off_hours', 'reveals', 'deletions', 'before_leaving')),
  span text not null, -- the window, as the pattern names it: asked once
  since timestamptz not null,
  until timestamptz not null,
  facts jsonb not null,
  found_at timestamptz not null,
  decision text check (decision in ('explained', 'unfounded', 'follow_up')),
  words text,
  decided_by text references member check (decided_by <> member_id),
  decided_at timestamptz,
  check ((decision is null) = (decided_at is null)),
  unique (member_id, kind, span)
);
create index signal_newest on signal (found_at desc, id desc);

-- How far the audit log has been watched, and what is remembered of each member until their window is over.
create table signal_watch (
  one boolean primary key default true check (one),
  seq bigint not null default 0
);
insert into signal_watch default values;
create table signal_member (
  member_id text primary key references member,
  state jsonb not null,
  at timestamptz not null
);
