-- What administrators change without a release, each with who, when and why; the story of changes is in the audit log.
create table setting (
  name text primary key,
  value jsonb not null,
  reason text not null,
  changed_by text not null references member,
  changed_at timestamptz not null
);

-- A wish to take customers' data out of the app (shared/export.ts). `keys` are the rows that were counted, shown and
-- approved; the file never holds others. No value of a customer stands here.
create table export_request (
  id text primary key,
  kind text not null check (kind in ('departure', 'team', 'complaints', 'view_log')),
  departure_id text references departure,
  days integer,
  purpose text not null,
  note text not null,
  format text not null check (format in ('csv', 'xlsx')),
  language text not null check (language in ('zh-CN', 'en')),
  fields text[] not null,
  keys text[] not null check (cardinality(keys) between 1 and 500),
  digest text not null,
  needs_compliance boolean not null,
  state text not null,
  asked_by text not null references member,
  asked_at timestamptz not null,
  approved_by text references member,
  approved_at timestamptz,
  cleared_by text references member, -- compliance, where the fields ask for it
  cleared_at timestamptz,
  reason text,                       -- why it was rejected
  made_at timestamptz,
  rows integer,
  sha256 text,                       -- of the file
  marked boolean not null default false,
  expires_at timestamptz,
  code_hash text,
  code_tries integer not null default 0,
  taking_at timestamptz,             -- an answer is being written
  takes integer not null default 0,
  ended_at timestamptz,
  check (approved_by is distinct from asked_by and cleared_by is distinct from asked_by), -- four eyes, also here
  check (approved_by is null or approved_by is distinct from cleared_by)
);
create index export_request_open on export_request (asked_at) where state in ('pending', 'approved', 'ready');
create index export_request_mine on export_request (asked_by, id);

-- The file, sealed with a key the database does not have; gone with the one download or after a day.
create table export_file (
  export_id text primary key references export_request,
  sealed text not null
);
