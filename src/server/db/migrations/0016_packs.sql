-- Evidence packs (compliance 9): asked for by one person with a case number and a purpose, approved by another in compliance,
-- built by a job, kept for a few days. The ZIP stands here because processes share nothing else.
create table evidence_pack (
  id text primary key,
  kind text not null check (kind in ('departure', 'customer')),
  subject text not null, -- the departure, or the customer
  case_no text not null,
  purpose text not null,
  since date,            -- the filter on events, both days included; null: none
  until date,
  state text not null check (state in ('requested', 'approved', 'rejected', 'ready', 'ended')),
  requested_by text not null references member,
  requested_at timestamptz not null,
  decided_by text references member,
  decided_at timestamptz,
  reason text,
  built_at timestamptz,
  head_size bigint references tree_head,
  bytes integer,
  sha256 text,
  manifest_sha256 text,
  content bytea,
  expires_at timestamptz,
  ticket_hash text,      -- lets whoever has just signed in fetch it, within a minute
  ticket_for text references member,
  ticket_until timestamptz,
  check (decided_by is distinct from requested_by), -- four eyes, also here
  check ((decided_by is null) = (decided_at is null))
);
create index evidence_pack_open on evidence_pack (state) where state in ('requested', 'approved', 'ready');

-- What a case needs may not be deleted (compliance 4.6); looked at again every 90 days. subject: our id of a customer, or of a
-- departure and all of its customers.
create table if not exists legal_hold (
  id text primary key,
  subject_kind text not null check (subject_kind in ('departure', 'customer')),
  subject_id text not null,
  reason text not null,
  case_no text not null,
  pack_id text references evidence_pack,
  began_by text not null references member,
  began_at timestamptz not null,
  review_at timestamptz not null,
  released_by text references member,
  released_at timestamptz,
  release_reason text,
  check ((released_by is null) = (released_at is null))
);
create index if not exists legal_hold_open on legal_hold (subject_kind, subject_id) where released_at is null;
